"""Read the problems of a campaign, report one, and review them through named actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema

from campaign.http import campaign_for
from core.api.errors import judged
from core.api.viewsets import Readable
from issues import actions, states
from issues.api import shapes
from issues.filters import IssueFilter
from issues.forms import ConfirmForm, MergeForm, ReasonForm, ReportForm, leaders_of
from issues.http import issue_or_404
from organisation.api.acting import verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from campaign.models import Campaign
    from core.workflow import Transition
    from issues.models import Issue, IssueQuerySet
    from organisation.http import Request as PageRequest


VIEW, REPORT = "issues.view_issue", "issues.report_issue"


@extend_schema(tags=["issues"])
class IssueViewSet(Readable):
    """The problems of one campaign. They are named by their number in it."""

    needs = {
        "list": VIEW,
        "retrieve": VIEW,
        "report": REPORT,
        **{step.name: step.permission for step in states.STEPS},
    }
    serializer_class = shapes.IssueOut
    filterset_class = IssueFilter
    lookup_field = "number"
    lookup_value_converter = "int"
    page_order = "number"

    def found(self, request: Request) -> IssueFilter:
        campaign = self._campaign(VIEW)
        return IssueFilter(request.query_params, campaign=campaign, by=self.person)

    def rows_of(self, found: IssueFilter) -> IssueQuerySet:
        return found.ordered.for_list()

    def get_serializer_class(self) -> type[Any]:
        return shapes.IssueOut if self.action == "list" else shapes.IssueDetail

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if "campaign" not in self.kwargs:  # the description of the API is being written
            return context
        return context | {
            "person": self.person,
            "at": shapes.Addresses(self.request, self.kwargs["campaign"]),
        }

    def reach(self) -> None:
        self._campaign(VIEW)

    def _campaign(self, permission: str) -> Campaign:
        return campaign_for(cast("PageRequest", self.request), self.kwargs["campaign"], permission)

    def get_object(self) -> Issue:
        request = cast("PageRequest", self.request)
        return issue_or_404(request, self.kwargs["campaign"], self.kwargs["number"])

    def _allowed(self, step: Transition) -> Issue:
        issue = self.get_object()
        if not self.person.has_perm(step.permission, issue):
            raise PermissionDenied
        return issue

    def _told(self, number: int) -> dict[str, Any]:
        """The problem as it is now."""
        self.kwargs["number"] = number
        return self.get_serializer(self.get_object()).data

    def _decide(
        self, step: Transition, act: Callable[..., Issue], given: dict[str, Any]
    ) -> dict[str, Any]:
        """Return and reject: each says why."""
        issue = self._allowed(step)
        act(issue, by=self.person, **judged(ReasonForm(given)))
        return self._told(issue.number)

    @verb(shapes.Report, shapes.IssueDetail, detail=False)
    def report(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Enter one problem, to be reviewed by the office."""
        campaign = self._campaign(REPORT)
        form = ReportForm(given, campaign=campaign, by=self.person)
        judged(form)
        issue = actions.report(campaign, by=self.person, **form.facts)
        return self._told(issue.number)

    @verb(shapes.Correction, shapes.IssueDetail)
    def resubmit(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Send a returned problem to the office again, corrected."""
        issue = self._allowed(states.RESUBMIT)
        known = ReportForm.initial_from(issue)
        known["department"] = getattr(known["department"], "pk", None)
        form = ReportForm(known | given, campaign=issue.campaign, by=self.person)
        judged(form)
        actions.resubmit(issue, by=self.person, **form.facts)
        return self._told(issue.number)

    @verb(shapes.Understood, shapes.IssueDetail)
    def confirm(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Uphold a problem: it enters the ledger with what the office has understood of it."""
        issue = self._allowed(states.CONFIRM)
        leaders = leaders_of(issue.campaign)
        known = ConfirmForm.initial_from(issue)
        form = ConfirmForm(known | given, issue=issue, leaders=leaders, by=self.person)
        actions.confirm(issue, by=self.person, **judged(form))
        return self._told(issue.number)

    @verb(shapes.Into, shapes.IssueDetail)
    def merge(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Join a problem to another of the campaign that says the same."""
        issue = self._allowed(states.MERGE)
        form = MergeForm(given, issue=issue, by=self.person)
        actions.merge(issue, by=self.person, **judged(form))
        return self._told(issue.number)

    @verb(shapes.ReviewReason, shapes.IssueDetail)
    def send_back(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Return a problem to whoever reported it."""
        return self._decide(states.RETURN, actions.send_back, given)

    @verb(shapes.ReviewReason, None)
    def hand_over(self, given: dict[str, Any], **where: Any) -> None:
        """Give a problem to the discipline office. From then on it alone sees it."""
        issue = self._allowed(states.HAND_OVER)
        actions.hand_over(issue, by=self.person, **judged(ReasonForm(given)))

    @verb(shapes.ReviewReason, shapes.IssueDetail)
    def reject(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Do not uphold a problem."""
        return self._decide(states.REJECT, actions.reject, given)
