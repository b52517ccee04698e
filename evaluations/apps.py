from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from evaluations.queries.secrecy import Fault


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("evaluations")

    def ready(self) -> None:
        checks.register(settings_keep_votes_secret, deploy=True)
        checks.register(database_keeps_votes_secret, checks.Tags.database, deploy=True)
        self._label_the_trail()
        self._tell_of_duties()

    @staticmethod
    def _tell_of_duties() -> None:
        from evaluations.queries import reminding, waiting  # noqa: PLC0415 -- has tables
        from messaging import sources  # noqa: PLC0415

        sources.digest("evaluations", people=waiting.people, lines=waiting.lines)
        sources.digest("voting", people=reminding.people, lines=reminding.lines)
        sources.urgent(
            reminding.OPENS,
            label=pgettext_lazy("message", "voting has opened"),
            notices=reminding.opens_notices,
            groups=reminding.groups,
        )
        sources.urgent(
            reminding.CLOSES,
            label=pgettext_lazy("message", "voting closes soon"),
            notices=reminding.closes_notices,
            groups=reminding.groups,
        )
        sources.deadlines("voting", reminding.deadlines)

    @staticmethod
    def _label_the_trail() -> None:
        from audit import trail  # noqa: PLC0415 -- has tables

        for action, words in {
            "plan_round": _("Planned the round"),
            "revise_round": _("Changed name, times or grades"),
            "name_reviewers": _("Named who reviews the comments"),
            "set_subjects": _("Chose the heads who are evaluated"),
            "add_group": _("Added a group of voters"),
            "revise_group": _("Changed a group of voters"),
            "remove_group": _("Removed a group of voters"),
            "take_ready_set": _("Took a ready set of groups"),
            "set_commission": _("Named the commission"),
            "seal": _("Made the key of the commission"),
            "freeze_round": _("Froze the rules"),
            "add_voter": _("Added somebody to the roll"),
            "print_slips": _("Printed slips"),
            "give_slip": _("Gave out a slip"),
            "unlock_boxes": _("Unlocked the boxes"),
            "count_round": _("Opened the boxes and counted"),
            "publish_round": _("Published the results"),
            "cancel_round": _("Cancelled the round"),
            "forget_bundle": _("Destroyed the recount bundle"),
            "plan_survey": _("Planned the survey"),
            "revise_survey": _("Changed the survey"),
            "choose_departments": _("Chose the departments that are asked about"),
            "name_windows": _("Named the windows that get a poster"),
            "make_codes": _("Made slips with one-time codes"),
            "record_issued": _("Recorded how many were asked"),
            "confirm_grade": _("Decided on the confirmation"),
            "revoke_confirmation": _("Took the confirmation back"),
            "decide_consequence": _("Decided on the measure"),
            "state_views": _("Stated his view"),
            "appeal": _("Appealed"),
            "review_comment": _("Reviewed a comment"),
            "release_comments": _("Released the comments"),
        }.items():
            trail.label(f"evaluations.{action}", words)


def settings_keep_votes_secret(**_given: Any) -> list[checks.CheckMessage]:
    """What a freeze would refuse. What depends on this very machine is told, and no more."""
    from evaluations.queries import secrecy  # noqa: PLC0415 -- models are not there before ready

    return [
        *said(secrecy.settings_faults(), checks.Warning),
        *said(secrecy.machine_faults(), checks.Info),
    ]


def database_keeps_votes_secret(
    databases: Iterable[str] | None = None, **_given: Any
) -> list[checks.CheckMessage]:
    """The same of the database, where it is to be asked (``check --deploy --database default``)."""
    from evaluations.queries import secrecy  # noqa: PLC0415 -- as above

    return said(secrecy.database_faults(), checks.Warning) if databases else []


def said(
    faults: Iterable[Fault], kind: Callable[..., checks.CheckMessage]
) -> list[checks.CheckMessage]:
    return [
        kind(str(fault.sentence), hint=str(fault.what_to_do), id=f"evaluations.{fault.code}")
        for fault in faults
    ]
