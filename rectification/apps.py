from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = _("rectification")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- models only after the apps
        from rectification import documents, receivers  # noqa: F401, PLC0415 -- registers jobs, connects signals

        for action, words in {
            "register": _("Entered in the ledger"),
            "revise_plan": _("Changed the plan"),
            "report_progress": _("Reported progress"),
            "complete_measure": _("Carried out a measure"),
            "add_evidence": _("Added evidence"),
            "withdraw_evidence": _("Withdrew evidence"),
            "open_evidence": _("Opened evidence"),
            "object_to_notice": _("Objected to the notice"),
            "expose": _("Exposed at a meeting"),
            "add_measure": _("Added a measure pledged"),
            "dismiss_objection": _("Dismissed an objection to the notice"),
            "climb": _("Overdue and silent: told one step higher"),
        }.items():
            trail.label(f"rectification.{action}", words)
        _register_reminders()


def _register_reminders() -> None:
    from messaging import sources  # noqa: PLC0415
    from rectification.actions import climb  # noqa: PLC0415
    from rectification.queries import reminding  # noqa: PLC0415

    sources.digest(
        "ladder",
        people=reminding.ladder_people,
        lines=reminding.ladder_lines,
        prepare=climb,
    )
    sources.digest("ledger", people=reminding.people, lines=reminding.lines)
    sources.urgent(
        "returned",
        label=pgettext_lazy("message", "an item was returned"),
        notices=reminding.returned_notices,
        groups=reminding.returned_groups,
    )
    sources.urgent(
        "last_day",
        label=pgettext_lazy("message", "last working day"),
        notices=reminding.last_day_notices,
        groups=reminding.last_day_groups,
        is_daily=True,
    )
    sources.urgent(
        "decision",
        label=pgettext_lazy("message", "a decision is waited for"),
        notices=reminding.decision_notices,
        groups=reminding.decision_groups,
        is_daily=True,
    )
    sources.deadlines("ledger", reminding.deadlines)
