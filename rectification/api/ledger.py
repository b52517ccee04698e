"""Read the ledger; change it only through named actions, never by patching a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from campaign.http import campaign_or_404
from core.api.errors import judged
from core.api.viewsets import Readable
from organisation.api.acting import Nothing, verb
from rectification import actions, states
from rectification.api import bodies
from rectification.api.shapes import Addresses, LedgerItemDetail, LedgerItemOut
from rectification.filters import LedgerFilter, with_evidence_counted
from rectification.forms import FORMS, MeasureDoneForm, ProgressForm
from rectification.models import LedgerItem
from rectification.workbooks import exported

if TYPE_CHECKING:
    from rest_framework.request import Request

    from core.workflow import Transition
    from rectification.models import LedgerItemQuerySet

VIEW = "rectification.view_item"
NOT_STEPS = {
    "list": VIEW,
    "retrieve": VIEW,
    "report_progress": "rectification.report_progress",
    "complete_measure": "rectification.report_progress",
}


@extend_schema(tags=["ledger-items"])
class LedgerViewSet(Readable):
    """The ledger of one campaign. Items are named by their number in it."""

    needs = NOT_STEPS | {step.name: step.permission for step in states.STEPS}
    serializer_class = LedgerItemOut
    filterset_class = LedgerFilter
    lookup_field = "number"
    lookup_value_converter = "int"
    page_order = "number"

    def found(self, request: Request) -> LedgerFilter:
        campaign = campaign_or_404(request, self.kwargs["campaign"])
        return LedgerFilter(request.query_params, campaign=campaign, by=self.person)

    def rows_of(self, found: LedgerFilter) -> LedgerItemQuerySet:
        return exported(found.rows)

    def get_serializer_class(self) -> type[Any]:
        return LedgerItemOut if self.action == "list" else LedgerItemDetail

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if "campaign" not in self.kwargs:  # the description of the API is being written
            return context
        return context | {
            "today": timezone.localdate(),
            "person": self.person,
            "at": Addresses(self.request, self.kwargs["campaign"]),
        }

    def reach(self) -> None:
        campaign_or_404(self.request, self.kwargs["campaign"])

    def get_object(self) -> LedgerItem:
        campaign = campaign_or_404(self.request, self.kwargs["campaign"])
        rows = LedgerItem.objects.visible_to(self.person).filter(campaign=campaign)
        shown = exported(with_evidence_counted(rows.for_ledger()))
        item = get_object_or_404(
            shown.select_related("issue__campaign", "suggested_department").prefetch_related(
                "responsible_departments"
            ),
            number=self.kwargs["number"],
        )
        item.campaign = campaign
        return item

    def _allowed(self, permission: str) -> LedgerItem:
        item = self.get_object()
        if not self.person.has_perm(permission, item):
            raise PermissionDenied
        return item

    def _told(self) -> dict[str, Any]:
        """The item as it is now."""
        return self.get_serializer(self.get_object()).data

    def _take(self, step: Transition, given: dict[str, Any], **names: str) -> dict[str, Any]:
        """What the page of this step does: its form judges, its action acts."""
        item = self._allowed(step.permission)
        form_class, act = FORMS[step.name]
        form = form_class(given, item=item, by=self.person)
        judged(form, names)
        form.take(act)
        return self._told()

    @verb(Nothing, LedgerItemDetail)
    def submit_plan(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Lay the plan before the responsible leader."""
        return self._take(states.SUBMIT_PLAN, given)

    @verb(bodies.Opinion, LedgerItemDetail)
    def approve_plan(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The responsible leader approves the plan; the lead department is to claim the item."""
        return self._take(states.APPROVE_PLAN, given)

    @verb(bodies.Reason, LedgerItemDetail)
    def return_plan(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The responsible leader returns the plan to the office."""
        return self._take(states.RETURN_PLAN, given)

    @verb(bodies.Claim, LedgerItemDetail)
    def claim(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The lead department takes the item on."""
        return self._take(states.CLAIM, given)

    @verb(bodies.Objection, LedgerItemDetail)
    def object_to(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The lead department says that this is not its duty."""
        return self._take(states.OBJECT, given)

    @verb(bodies.Reason, LedgerItemDetail)
    def uphold_assignment(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The office keeps the assignment."""
        return self._take(states.UPHOLD_ASSIGNMENT, given)

    @verb(bodies.Reassignment, LedgerItemDetail)
    def reassign(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The office accepts the objection: another department leads."""
        return self._take(states.REASSIGN, given)

    @verb(bodies.Progress, LedgerItemDetail)
    def report_progress(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Add a dated note of what was done."""
        item = self._allowed("rectification.report_progress")
        actions.report_progress(item, by=self.person, **judged(ProgressForm(given)))
        return self._told()

    @verb(bodies.MeasureDone, LedgerItemDetail)
    def complete_measure(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """State on which day a measure was carried out."""
        item = self._allowed("rectification.report_progress")
        measure = get_object_or_404(item.measures, pk=given["measure"])
        measure.item = item
        actions.complete_measure(measure, by=self.person, **judged(MeasureDoneForm(given)))
        return self._told()

    @verb(bodies.Application, LedgerItemDetail)
    def apply_for_sign_off(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """State what was reached, and answer each reason of the last return."""
        answers = {f"answer_{at}": text for at, text in enumerate(given.pop("answers", []))}
        names = {f"answer_{at}": f"answers.{at}" for at in range(MOST_ANSWERS)}
        return self._take(states.APPLY, given | answers, **names)

    @verb(Nothing, LedgerItemDetail)
    def withdraw_application(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Take one's own application back before anybody has judged it."""
        return self._take(states.WITHDRAW, given)

    @verb(bodies.SaidOpinion, LedgerItemDetail)
    def check(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The lead department's head vouches for the work."""
        return self._take(states.CHECK, given)

    @verb(bodies.Return, LedgerItemDetail)
    def return_at_check(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The lead department's head gives the application back."""
        return self._take(states.RETURN_AT_CHECK, given)

    @verb(bodies.Verification, LedgerItemDetail)
    def verify(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The office or the discipline office affirms the four no-let-go rules."""
        return self._take(states.VERIFY, given)

    @verb(bodies.FoundReturn, LedgerItemDetail)
    def return_at_verification(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The verifier gives the application back."""
        return self._take(states.RETURN_AT_VERIFICATION, given)

    @verb(bodies.Approval, LedgerItemDetail)
    def approve(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The responsible leader's word: signed off, continuing, or on public notice."""
        return self._take(states.APPROVE, given)

    @verb(bodies.FoundReturn, LedgerItemDetail)
    def return_at_approval(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """The responsible leader gives the application back."""
        return self._take(states.RETURN_AT_APPROVAL, given)

    @verb(Nothing, LedgerItemDetail)
    def end_notice(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Sign off when the days of notice are over."""
        return self._take(states.END_NOTICE, given)

    @verb(bodies.Review, LedgerItemDetail)
    def review_continuing(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Record that a continuing item still holds."""
        return self._take(states.REVIEW, given)

    @verb(bodies.Reason, LedgerItemDetail)
    def void(self, given: dict[str, Any], **where: Any) -> dict[str, Any]:
        """Take an item out of the figures; its number and history stay."""
        return self._take(states.VOID, given)


MOST_ANSWERS = 20
