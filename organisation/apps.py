from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = _("organisation")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- has tables
        from organisation import receivers  # noqa: F401, PLC0415 -- needs the models
        from organisation.workbooks import people, units  # noqa: F401, PLC0415 -- registers them

        for action, words in {
            "sign_in": _("Signed in"),
            "sign_in_failed": _("Failed to sign in"),
            "lock_out": _("Locked out for a while"),
            "sign_out": _("Signed out"),
            "sign_out_everywhere": _("Signed out everywhere"),
            "change_password": _("Changed the password"),
            "reset_password": _("Gave a one-time password"),
            "choose_language": _("Chose a language"),
            "make_token": _("Made an API token"),
            "revoke_token": _("Withdrew an API token"),
            "create_unit": _("Set up the unit"),
            "change_unit": _("Changed the unit"),
            "move_unit": _("Moved the unit in the order"),
            "close_unit": _("Closed the unit"),
            "reopen_unit": _("Opened the unit again"),
            "create_person": _("Entered the person"),
            "change_person": _("Changed facts about the person"),
            "add_post": _("Gave a post"),
            "change_post": _("Changed the post"),
            "change_charge": _("Changed the departments in charge"),
            "end_post": _("Ended the post"),
            "deactivate": _("Closed the account"),
            "reactivate": _("Opened the account again"),
            "publish_calendar": _("Published a version of the calendar"),
            "stage_workbook": _("Uploaded a workbook"),
            "take_in_workbook": _("Took in the rows of a workbook"),
            "discard_workbook": _("Discarded a workbook"),
        }.items():
            trail.label(f"organisation.{action}", words)
