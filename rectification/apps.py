from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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
        }.items():
            trail.label(f"rectification.{action}", words)
