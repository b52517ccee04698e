"""The states of a ledger item and the moves between them: the statute book of sign-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Transition

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class State(models.TextChoices):
    DRAFTING = "drafting", _("plan being drafted")
    AWAITING_PLAN_APPROVAL = "awaiting_plan_approval", _("plan awaiting approval")
    AWAITING_CLAIM = "awaiting_claim", _("awaiting claim")
    OBJECTED = "objected", _("objected, to be decided")
    RECTIFYING = "rectifying", _("under rectification")
    APPLIED = "applied", _("sign-off applied for")
    CHECKED = "checked", _("awaiting verification")
    VERIFIED = "verified", _("awaiting approval")
    ON_NOTICE = "on_notice", _("on public notice")
    CLOSED = "closed", pgettext_lazy("ledger", "signed off")
    CONTINUING = "continuing", _("staged goal met, continuing")
    VOIDED = "voided", pgettext_lazy("ledger", "voided")


OPEN = frozenset(
    {
        State.DRAFTING,
        State.AWAITING_PLAN_APPROVAL,
        State.AWAITING_CLAIM,
        State.OBJECTED,
        State.RECTIFYING,
        State.APPLIED,
        State.CHECKED,
        State.VERIFIED,
        State.ON_NOTICE,
    }
)
"""The clock runs in these; only these can be overdue."""
DONE = frozenset({State.CLOSED, State.CONTINUING})
UNDER_REVIEW = frozenset({State.APPLIED, State.CHECKED, State.VERIFIED, State.ON_NOTICE})
"""An attempt to sign off is on its way through these."""

IN_HAND = frozenset({State.AWAITING_CLAIM, State.RECTIFYING})
"""It is for the department to do something; an application for sign-off is no silence."""
PLANNING = frozenset(
    {State.DRAFTING, State.AWAITING_PLAN_APPROVAL, State.AWAITING_CLAIM, State.OBJECTED}
)
KINDS: dict[str, str] = {
    State.DRAFTING: "remind",
    State.AWAITING_PLAN_APPROVAL: "remind",
    State.AWAITING_CLAIM: "remind",
    State.OBJECTED: "near",
    State.RECTIFYING: "normal",
    State.APPLIED: "remind",
    State.CHECKED: "remind",
    State.VERIFIED: "remind",
    State.ON_NOTICE: "paused",
    State.CLOSED: "closed",
    State.CONTINUING: "closed",
    State.VOIDED: "none",
}
"""The kind of badge for each state, in the palette of the lights."""

SHORT: dict[str, StrOrPromise] = {
    State.OBJECTED: pgettext_lazy("state in short", "objected"),
    State.APPLIED: pgettext_lazy("state in short", "to be checked"),
    State.CONTINUING: pgettext_lazy("state in short", "continuing"),
}
"""Where the state's own words are too long for a column."""

SUBMIT_PLAN = Transition(
    name="submit_plan",
    sources=frozenset({State.DRAFTING}),
    target=State.AWAITING_PLAN_APPROVAL,
    permission="rectification.draft_plan",
    label=_("Submit the plan for approval"),
)
APPROVE_PLAN = Transition(
    name="approve_plan",
    sources=frozenset({State.AWAITING_PLAN_APPROVAL}),
    target=State.AWAITING_CLAIM,
    permission="rectification.approve_plan",
    label=_("Approve the plan"),
)
RETURN_PLAN = Transition(
    name="return_plan",
    sources=frozenset({State.AWAITING_PLAN_APPROVAL}),
    target=State.DRAFTING,
    permission="rectification.approve_plan",
    label=_("Return the plan"),
)
CLAIM = Transition(
    name="claim",
    sources=frozenset({State.AWAITING_CLAIM}),
    target=State.RECTIFYING,
    permission="rectification.claim_item",
    label=pgettext_lazy("ledger step", "Claim"),
)
OBJECT = Transition(
    name="object_to",
    sources=frozenset({State.AWAITING_CLAIM}),
    target=State.OBJECTED,
    permission="rectification.claim_item",
    label=pgettext_lazy("ledger step", "Object"),
)
UPHOLD_ASSIGNMENT = Transition(
    name="uphold_assignment",
    sources=frozenset({State.OBJECTED}),
    target=State.RECTIFYING,
    permission="rectification.decide_objection",
    label=_("Uphold the assignment"),
)
REASSIGN = Transition(
    name="reassign",
    sources=frozenset({State.OBJECTED}),
    target=State.DRAFTING,
    permission="rectification.decide_objection",
    label=_("Accept the objection and reassign"),
)
APPLY = Transition(
    name="apply_for_sign_off",
    sources=frozenset({State.RECTIFYING}),
    target=State.APPLIED,
    permission="rectification.apply_for_sign_off",
    label=_("Apply for sign-off"),
)
WITHDRAW = Transition(
    name="withdraw_application",
    sources=frozenset({State.APPLIED}),
    target=State.RECTIFYING,
    permission="rectification.withdraw_application",
    label=_("Withdraw the application"),
)
CHECK = Transition(
    name="check",
    sources=frozenset({State.APPLIED}),
    target=State.CHECKED,
    permission="rectification.check_item",
    label=_("Pass the lead department's check"),
)
RETURN_AT_CHECK = Transition(
    name="return_at_check",
    sources=frozenset({State.APPLIED}),
    target=State.RECTIFYING,
    permission="rectification.check_item",
    label=pgettext_lazy("ledger step", "Return at the check"),
)
VERIFY = Transition(
    name="verify",
    sources=frozenset({State.CHECKED}),
    target=State.VERIFIED,
    permission="rectification.verify_item",
    label=_("Pass verification"),
)
RETURN_AT_VERIFICATION = Transition(
    name="return_at_verification",
    sources=frozenset({State.CHECKED}),
    target=State.RECTIFYING,
    permission="rectification.verify_item",
    label=pgettext_lazy("ledger step", "Return at verification"),
)
APPROVE = Transition(
    name="approve",
    sources=frozenset({State.VERIFIED}),
    target=State.CLOSED,
    permission="rectification.approve_sign_off",
    label=_("Approve the sign-off"),
)
"""Ends at public notice where that is due, at ``continuing`` for a long-term item, else closed."""
RETURN_AT_APPROVAL = Transition(
    name="return_at_approval",
    sources=frozenset({State.VERIFIED}),
    target=State.RECTIFYING,
    permission="rectification.approve_sign_off",
    label=pgettext_lazy("ledger step", "Return at approval"),
)
END_NOTICE = Transition(
    name="end_notice",
    sources=frozenset({State.ON_NOTICE}),
    target=State.CLOSED,
    permission="rectification.end_notice",
    label=_("End the notice and sign off"),
)
RETURN_FROM_NOTICE = Transition(
    name="return_from_notice",
    sources=frozenset({State.ON_NOTICE}),
    target=State.RECTIFYING,
    permission="rectification.end_notice",
    label=_("Uphold an objection and return"),
)
REVIEW = Transition(
    name="review_continuing",
    sources=frozenset({State.CONTINUING}),
    target=State.CONTINUING,
    permission="rectification.review_item",
    label=_("Record the review"),
)
VOID = Transition(
    name="void",
    sources=OPEN - UNDER_REVIEW,
    target=State.VOIDED,
    permission="rectification.void_item",
    label=pgettext_lazy("ledger step", "Void"),
)

STEPS = (
    SUBMIT_PLAN,
    APPROVE_PLAN,
    RETURN_PLAN,
    CLAIM,
    OBJECT,
    UPHOLD_ASSIGNMENT,
    REASSIGN,
    APPLY,
    WITHDRAW,
    CHECK,
    RETURN_AT_CHECK,
    VERIFY,
    RETURN_AT_VERIFICATION,
    APPROVE,
    RETURN_AT_APPROVAL,
    END_NOTICE,
    RETURN_FROM_NOTICE,
    REVIEW,
    VOID,
)
