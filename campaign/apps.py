from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignConfig(AppConfig):
    name = "campaign"
    verbose_name = _("campaign")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- has tables
        from campaign import receivers  # noqa: F401, PLC0415 -- explains what posts allow

        for action, words in {
            "create": _("Drafted the campaign"),
            "copy": _("Copied from another campaign"),
            "edit": _("Changed the campaign"),
            "add_phase": _("Added a phase"),
            "change_phase": _("Changed a phase"),
            "remove_phase": _("Removed a phase"),
            "add_milestone": _("Added a milestone"),
            "change_milestone": _("Changed a milestone"),
            "remove_milestone": _("Removed a milestone"),
            "mark_done": _("Milestone reached"),
            "mark_undone": _("Milestone taken back"),
            "add_category": _("Added a category"),
            "change_category": _("Changed a category"),
            "remove_category": _("Removed a category"),
            "appoint": _("Appointed"),
            "end_appointment": _("Ended an appointment"),
            "change_reminders": _("Changed the reminder rules"),
            "set_letterhead": _("Set the letterhead"),
            "give_number": _("Gave a document number"),
        }.items():
            trail.label(f"campaign.{action}", words)
