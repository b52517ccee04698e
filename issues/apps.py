from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = _("issues")

    def ready(self) -> None:
        from audit import trail  # noqa: PLC0415 -- models are there only now
        from issues import notifications, workbooks  # noqa: PLC0415 -- registers the importer
        from messaging import jobs, sources  # noqa: PLC0415

        trail.label("issues.report", pgettext_lazy("issue step", "Reported"))
        trail.label("issues.take_in", pgettext_lazy("issue step", "Taken in from a workbook"))
        jobs.register("issues_list", workbooks.make_list, label=_("List of problems"))
        sources.digest("issues", people=notifications.people, lines=notifications.lines)
        sources.urgent(
            notifications.RETURNED,
            label=pgettext_lazy("message", "a problem was returned"),
            notices=notifications.returned_notices,
            groups=notifications.returned_groups,
        )
