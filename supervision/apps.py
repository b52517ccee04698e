from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = _("supervision")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- has tables
        from messaging import sources  # noqa: PLC0415
        from supervision import documents  # noqa: F401, PLC0415 -- registers its job
        from supervision.actions import propose_by_the_clock  # noqa: PLC0415
        from supervision.queries import waiting  # noqa: PLC0415

        sources.digest(
            "exposure",
            people=waiting.people,
            lines=waiting.lines,
            prepare=propose_by_the_clock,
        )

        for action, words in {
            "plan_meeting": _("Planned the meeting"),
            "revise_meeting": _("Changed the meeting or its report"),
            "propose": _("Candidates proposed by the rules"),
            "taken_in": _("Took a candidate in"),
            "left_out": _("Left a candidate out"),
            "revise_case": _("Wrote a case"),
            "add_good_example": _("Added a good example"),
            "remove_good_example": _("Removed a good example"),
            "issue_paper": _("Issued a paper"),
            "distribute": _("Sent the report to departments"),
            "acknowledge": _("Acknowledged the report"),
            "draft_criticism": _("Wrote the self-criticism"),
            "link_pledge": _("Linked a pledge to a measure"),
            "record_handling": _("Recorded a handling"),
            "revise_handling": _("Corrected a handling"),
            "conclude_handling": _("Declared a handling final"),
            "approve_naming": _("Approved naming"),
            "withdraw_naming": _("Withdrew the approval of naming"),
        }.items():
            trail.label(f"supervision.{action}", words)
