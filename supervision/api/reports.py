"""Read the exposure reports of a campaign; change them only through named actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema

from campaign.http import campaign_or_404
from campaign.models import scope_of
from core.api.errors import judged
from core.api.viewsets import Readable
from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from organisation.api.acting import Nothing, verb
from supervision import actions, documents, states
from supervision.api import shapes
from supervision.filters import ExposureMeetingFilter
from supervision.forms import ApproveForm, DistributeForm, HoldForm, ReasonForm
from supervision.http import meeting_or_404
from supervision.models import ExposureMeeting

if TYPE_CHECKING:
    from rest_framework.request import Request

    from organisation.http import Request as PageRequest
    from supervision.models.meeting import ExposureMeetingQuerySet

VIEW, ACKNOWLEDGE = "supervision.view_meeting", "supervision.acknowledge_report"
PREPARE = "supervision.prepare_meeting"


@extend_schema(tags=["exposure-reports"])
class ExposureReportViewSet(Readable):
    """The exposure reports of one campaign. They are named by their number in it."""

    needs = {
        "list": VIEW,
        "retrieve": VIEW,
        "distribute": PREPARE,
        "acknowledge": ACKNOWLEDGE,
        **{step.name: step.permission for step in states.MEETING_STEPS},
    }
    serializer_class = shapes.ExposureReportOut
    filterset_class = ExposureMeetingFilter
    lookup_field = "number"
    lookup_value_converter = "int"
    page_order = "number"

    def found(self, request: Request) -> ExposureMeetingFilter:
        campaign = campaign_or_404(request, self.kwargs["campaign"])
        seen = ExposureMeeting.objects.visible_to(self.person).filter(campaign=campaign)
        return ExposureMeetingFilter(request.query_params, seen)

    def rows_of(self, found: ExposureMeetingFilter) -> ExposureMeetingQuerySet:
        rows: ExposureMeetingQuerySet = found.qs.for_list()
        return rows

    def get_serializer_class(self) -> type[Any]:
        is_list = self.action == "list"
        return shapes.ExposureReportOut if is_list else shapes.ExposureReportDetail

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if "campaign" not in self.kwargs:  # the description of the API is being written
            return context
        scope = scope_of(self.person)
        return context | {
            "person": self.person,
            "runs": self.kwargs["campaign"] in scope.runs,
            "own": scope.acts_for | scope.works_in,
            "at": shapes.Addresses(self.request, self.kwargs["campaign"]),
        }

    def reach(self) -> None:
        campaign_or_404(cast("PageRequest", self.request), self.kwargs["campaign"])

    def get_object(self) -> ExposureMeeting:
        request = cast("PageRequest", self.request)
        return meeting_or_404(request, self.kwargs["campaign"], self.kwargs["number"])

    def _allowed(self, permission: str) -> ExposureMeeting:
        meeting = self.get_object()
        if not self.person.has_perm(permission, meeting):
            raise PermissionDenied
        return meeting

    def _told(self) -> dict[str, Any]:
        """The report as it is now."""
        return self.get_serializer(self.get_object()).data

    @verb(Nothing, shapes.ExposureReportDetail)
    def submit_report(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Lay the report before the principal."""
        actions.submit_report(self._allowed(states.SUBMIT.permission), by=self.person)
        return self._told()

    @verb(Nothing, shapes.ExposureReportDetail)
    def withdraw_report(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Take the report back to work on it."""
        actions.withdraw_report(self._allowed(states.WITHDRAW.permission), by=self.person)
        return self._told()

    @verb(shapes.Issue, shapes.ExposureReportDetail)
    def approve_report(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Approve and issue what was read. Drawing its papers takes some seconds."""
        meeting = self._allowed(states.APPROVE.permission)
        facts = judged(ApproveForm(given))
        try:
            documents.issue(meeting, by=self.person, **facts)
        except MissingGlyphError as missing:
            raise ActionRefusedError(str(missing)) from missing
        return self._told()

    @verb(shapes.ReportReason, shapes.ExposureReportDetail)
    def return_report(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Return the report to the office."""
        meeting = self._allowed(states.RETURN.permission)
        actions.return_report(meeting, by=self.person, **judged(ReasonForm(given)))
        return self._told()

    @verb(shapes.ReportReason, shapes.ExposureReportDetail)
    def cancel_meeting(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Cancel the meeting before its report is issued."""
        meeting = self._allowed(states.CANCEL.permission)
        actions.cancel_meeting(meeting, by=self.person, **judged(ReasonForm(given)))
        return self._told()

    @verb(shapes.HeldOn, shapes.ExposureReportDetail)
    def hold_meeting(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Record that the meeting was held: what it exposed is marked in the ledger."""
        meeting = self._allowed(states.HOLD.permission)
        form = HoldForm(given, meeting=meeting)
        actions.hold_meeting(meeting, by=self.person, **judged(form))
        return self._told()

    @verb(shapes.Units, shapes.ExposureReportDetail)
    def distribute(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Send the issued report to departments."""
        meeting = self._allowed(PREPARE)
        form = DistributeForm(given, meeting=meeting)
        actions.distribute(meeting, by=self.person, **judged(form))
        return self._told()

    @verb(shapes.OneUnit, shapes.ExposureReportDetail)
    def acknowledge(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Say for a department that it has the report."""
        sent = get_object_or_404(self.get_object().distributions, unit=given["unit"])
        actions.acknowledge(sent, by=self.person)
        return self._told()
