"""Who has an item now, and what he is to do with it: the sentence that every success message ends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rectification.states import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from rectification.models import LedgerItem


@dataclass(frozen=True, slots=True)
class Turn:
    """``who`` is empty when nobody has to do anything any more."""

    who: str
    does: str

    @property
    def words(self) -> str:
        if not self.who:
            return self.does
        return _("Now with %(who)s: %(does)s.") % {"who": self.who, "does": self.does}


def _departments(item: LedgerItem) -> str:
    names = [str(unit) for unit in item.all_departments]
    if item.for_all_departments:
        names.insert(0, _("every department"))
    who = "、".join(names)
    return f"{who} ({item.assignee})" if item.assignee else who


def _office(item: LedgerItem) -> str:
    return _("the campaign office")


def _leader(item: LedgerItem) -> str:
    return str(item.responsible_leader or _("the responsible leader"))


def _lead(item: LedgerItem) -> str:
    return str(item.lead_department or _("the lead department"))


_TURNS: dict[str, tuple[Callable[[LedgerItem], str], Callable[[], str]]] = {
    State.DRAFTING: (_office, lambda: _("complete the plan and submit it")),
    State.AWAITING_PLAN_APPROVAL: (_leader, lambda: _("approve the plan or return it")),
    State.AWAITING_CLAIM: (_lead, lambda: _("claim the item or object")),
    State.OBJECTED: (_office, lambda: _("decide the objection")),
    State.RECTIFYING: (
        _departments,
        lambda: _("rectify, add evidence and apply for sign-off"),
    ),
    State.APPLIED: (
        lambda item: _("the head of %(unit)s") % {"unit": _lead(item)},
        lambda: _("check the application"),
    ),
    State.CHECKED: (
        lambda item: _("the campaign office or the discipline office"),
        lambda: _("verify the result"),
    ),
    State.VERIFIED: (_leader, lambda: _("approve the sign-off")),
}


def turn(item: LedgerItem) -> Turn:
    """From the state and what the item itself says; nothing is asked of the database."""
    if item.state in _TURNS:
        who, does = _TURNS[item.state]
        return Turn(who(item), does())
    if item.state == State.ON_NOTICE:
        attempt = item.attempt_on_its_way
        until = attempt.notice_until if attempt else None
        return Turn(
            _office(item),
            _("sign off when the public notice has ended on %(day)s")
            % {"day": date_format(until) if until else "—"},
        )
    if item.state == State.CONTINUING:
        return Turn(
            _office(item),
            _("review on %(day)s whether it holds")
            % {"day": date_format(item.review_on) if item.review_on else "—"},
        )
    if item.state == State.CLOSED:
        return Turn("", _("Signed off; nobody has to do anything."))
    return Turn("", _("Voided; nobody has to do anything."))
