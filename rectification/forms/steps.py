"""One small form for each step of an item; each calls its one action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.models import RectificationClass
from issues.queries import departments_of
from organisation.clock import months_after
from organisation.models import Person, Post, Unit
from rectification import actions, states
from rectification.models import NO_LET_GO, RETURN_REASONS, Finding
from rectification.queries import in_words, reasons_to_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from rectification.models import LedgerItem


def _words(label: StrOrPromise, *, required: bool = True, rows: int = 3, **kwargs: Any) -> Any:
    kwargs.setdefault("max_length", 2000)
    return forms.CharField(
        label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class StepForm(forms.Form):
    """A step that asks nothing more than to be confirmed."""

    hint: ClassVar[StrOrPromise] = ""
    is_backwards: ClassVar[bool] = False

    def __init__(self, *args: Any, item: LedgerItem, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.by = item, by

    def take(self, act: Callable[..., Any]) -> Any:
        return act(self.item, by=self.by, **self.given)

    @property
    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def _units(self, name: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        field.queryset = departments_of(self.item.campaign).exclude(pk=self.item.lead_department_id)


class SubmitPlanForm(StepForm):
    hint = gettext_lazy("The responsible leader reads it next and approves it or returns it.")


class OpinionForm(StepForm):
    opinion = _words(gettext_lazy("Opinion"), required=False)


class ReasonForm(StepForm):
    is_backwards = True
    reason = _words(gettext_lazy("Reason"))


class VoidForm(ReasonForm):
    hint = gettext_lazy(
        "The number, the text and the history stay; the item is counted no more. This cannot be "
        "undone."
    )


class UpholdForm(ReasonForm):
    is_backwards = False


class ClaimForm(StepForm):
    assignee = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Person in charge"),
        required=False,
        empty_label=gettext_lazy("decided later"),
        help_text=gettext_lazy("He can write progress and add evidence too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        field.queryset = people_of(self.item.lead_department_id)
        field.initial = self.item.assignee_id


def people_of(unit: int | None) -> Any:
    """Who holds a post in a department (or below it) today, by name."""
    if unit is None:
        return Person.objects.none()
    units = [one.pk for one in Unit.objects.below([unit])]
    held = Post.objects.on(timezone.localdate()).filter(unit__in=units)
    return (
        Person.objects.active()
        .filter(pk__in=held.values("person_id"))
        .order_by("name", "employee_number", "pk")
    )


class ObjectForm(ReasonForm):
    suggested_department = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Whose duty it is"),
        required=False,
        empty_label=gettext_lazy("not known"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    hint = gettext_lazy("The campaign office decides: it upholds the assignment or reassigns.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units("suggested_department")


class ReassignForm(ReasonForm):
    lead_department = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("New lead department"),
        widget=forms.Select(attrs={"data-select": ""}),
    )
    hint = gettext_lazy("The plan is then drafted anew and approved again.")
    field_order = ("lead_department", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units("lead_department")
        self.fields["lead_department"].initial = self.item.suggested_department_id


class ApplyForm(StepForm):
    """The statement, and below it each reason of the last return, to be answered one by one."""

    statement = _words(
        gettext_lazy("What was done and what has changed"),
        rows=5,
        max_length=4000,
        help_text=gettext_lazy(
            "Say what is different now, measured by the target; meetings and papers alone are "
            "not effect."
        ),
    )
    hint = gettext_lazy("While others judge, nothing can be added or taken back.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons_to_answer(self.item)
        for at, reason in enumerate(self.reasons):
            self.fields[f"answer_{at}"] = _words(
                _("Returned because: %(reason)s") % {"reason": in_words(reason)},
                rows=2,
                max_length=1000,
                help_text=_("What was done about it."),
            )

    @property
    def given(self) -> dict[str, Any]:
        return {
            "statement": self.cleaned_data["statement"],
            "answers": [self.cleaned_data[f"answer_{at}"] for at in range(len(self.reasons))],
        }


class WithdrawForm(StepForm):
    hint = gettext_lazy("The attempt stays listed as withdrawn; you can apply again at any time.")


class CheckForm(StepForm):
    opinion = _words(
        gettext_lazy("Opinion of the lead department"),
        help_text=gettext_lazy("With it you vouch for the work. Verification follows."),
    )


class ReturnForm(StepForm):
    is_backwards = True
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Why it goes back"),
        choices=RETURN_REASONS,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-stacked"}),
        help_text=gettext_lazy("They become the checklist of the next application."),
    )
    note = _words(
        gettext_lazy("Remark"),
        required=False,
        help_text=gettext_lazy("What exactly is missing, so that one more attempt is enough."),
    )


class ReturnWithFindingForm(ReturnForm):
    finding = forms.ChoiceField(
        label=gettext_lazy("Finding on the rectification"),
        choices=[("", gettext_lazy("none")), *Finding.choices],
        required=False,
        help_text=gettext_lazy("It makes the item a candidate of the next exposure meeting."),
    )


class VerifyForm(StepForm):
    no_let_go = forms.MultipleChoiceField(
        label=gettext_lazy("Four no-let-go rules"),
        choices=NO_LET_GO,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-stacked"}),
        help_text=gettext_lazy("All four must hold; otherwise return the application."),
        error_messages={"required": gettext_lazy("All four no-let-go rules must hold.")},
    )
    was_visited = forms.BooleanField(label=gettext_lazy("I verified it on site"), required=False)
    opinion = _words(gettext_lazy("What was verified, how, and with what result"), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.item.needs_visit:
            self.fields["was_visited"].help_text = _(
                "Needed here: the problem came from outside or came back."
            )

    @property
    def given(self) -> dict[str, Any]:
        chosen = self.cleaned_data["no_let_go"]
        return {**self.cleaned_data, "no_let_go": dict.fromkeys(chosen, True)}


class ApproveForm(OpinionForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.item.rectification_class == RectificationClass.LONG_TERM:
            self.fields["review_on"] = forms.DateField(
                label=_("Review on"),
                initial=months_after(timezone.localdate(), self.item.campaign.review_months),
                help_text=_(
                    "A long-term item goes on; on this day the office looks whether it holds."
                ),
            )

    @property
    def hint(self) -> StrOrPromise:  # type: ignore[override]
        if self.item.needs_notice:
            return _("A public notice of %(days)s working days follows; then it is signed off.") % {
                "days": self.item.campaign.notice_days
            }
        if self.item.rectification_class == RectificationClass.LONG_TERM:
            return _("It ends as “staged goal met, continuing”.")
        return _("With this the item is signed off.")


class EndNoticeForm(StepForm):
    hint = gettext_lazy("The days of notice are over and no objection is open.")


class ReviewForm(StepForm):
    finding = _words(gettext_lazy("What the review found"))
    review_on = forms.DateField(label=gettext_lazy("Next review on"))
    hint = gettext_lazy("If the problem has come back, do not record it here: report a recurrence.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = months_after(
            timezone.localdate(), self.item.campaign.review_months
        )


FORMS: dict[str, tuple[type[StepForm], Callable[..., Any]]] = {
    states.SUBMIT_PLAN.name: (SubmitPlanForm, actions.submit_plan),
    states.APPROVE_PLAN.name: (OpinionForm, actions.approve_plan),
    states.RETURN_PLAN.name: (ReasonForm, actions.return_plan),
    states.CLAIM.name: (ClaimForm, actions.claim),
    states.OBJECT.name: (ObjectForm, actions.object_to),
    states.UPHOLD_ASSIGNMENT.name: (UpholdForm, actions.uphold_assignment),
    states.REASSIGN.name: (ReassignForm, actions.reassign),
    states.APPLY.name: (ApplyForm, actions.apply_for_sign_off),
    states.WITHDRAW.name: (WithdrawForm, actions.withdraw_application),
    states.CHECK.name: (CheckForm, actions.check),
    states.RETURN_AT_CHECK.name: (ReturnForm, actions.return_at_check),
    states.VERIFY.name: (VerifyForm, actions.verify),
    states.RETURN_AT_VERIFICATION.name: (ReturnWithFindingForm, actions.return_at_verification),
    states.APPROVE.name: (ApproveForm, actions.approve),
    states.RETURN_AT_APPROVAL.name: (ReturnWithFindingForm, actions.return_at_approval),
    states.END_NOTICE.name: (EndNoticeForm, actions.end_notice),
    states.REVIEW.name: (ReviewForm, actions.review_continuing),
    states.VOID.name: (VoidForm, actions.void),
}
"""The step of each address, with what it asks and what it does. An objection is decided elsewhere."""

STEPS = {step.name: step for step in states.STEPS if step.name in FORMS}
