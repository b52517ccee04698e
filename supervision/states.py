"""The states of an exposure meeting with its report, and of a self-criticism, and the moves between."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Transition


class MeetingState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("exposure", "being prepared")
    AWAITING_APPROVAL = "awaiting_approval", pgettext_lazy("exposure", "report awaiting approval")
    APPROVED = "approved", pgettext_lazy("exposure", "report issued")
    HELD = "held", pgettext_lazy("exposure", "held")
    CANCELLED = "cancelled", pgettext_lazy("exposure", "cancelled")


ISSUED = frozenset({MeetingState.APPROVED, MeetingState.HELD})
"""The report has its number and date, and is never drawn again."""
UNHELD = frozenset({MeetingState.PREPARING, MeetingState.AWAITING_APPROVAL, MeetingState.APPROVED})
OVER = frozenset({MeetingState.HELD, MeetingState.CANCELLED})
"""What was taken in and not exposed by then is a candidate of the next meeting."""
MEETING_KINDS: dict[str, str] = {
    MeetingState.PREPARING: "remind",
    MeetingState.AWAITING_APPROVAL: "near",
    MeetingState.APPROVED: "normal",
    MeetingState.HELD: "closed",
    MeetingState.CANCELLED: "none",
}

SUBMIT = Transition(
    name="submit_report",
    sources=frozenset({MeetingState.PREPARING}),
    target=MeetingState.AWAITING_APPROVAL,
    permission="supervision.prepare_meeting",
    label=_("Submit the report for approval"),
)
WITHDRAW = Transition(
    name="withdraw_report",
    sources=frozenset({MeetingState.AWAITING_APPROVAL}),
    target=MeetingState.PREPARING,
    permission="supervision.prepare_meeting",
    label=_("Withdraw the report"),
)
APPROVE = Transition(
    name="approve_report",
    sources=frozenset({MeetingState.AWAITING_APPROVAL}),
    target=MeetingState.APPROVED,
    permission="supervision.approve_report",
    label=_("Approve and issue the report"),
)
RETURN = Transition(
    name="return_report",
    sources=frozenset({MeetingState.AWAITING_APPROVAL}),
    target=MeetingState.PREPARING,
    permission="supervision.approve_report",
    label=_("Return the report"),
)
HOLD = Transition(
    name="hold_meeting",
    sources=frozenset({MeetingState.APPROVED}),
    target=MeetingState.HELD,
    permission="supervision.prepare_meeting",
    label=_("Record that the meeting was held"),
)
CANCEL = Transition(
    name="cancel_meeting",
    sources=frozenset({MeetingState.PREPARING}),
    target=MeetingState.CANCELLED,
    permission="supervision.prepare_meeting",
    label=_("Cancel the meeting"),
)
MEETING_STEPS = (SUBMIT, WITHDRAW, APPROVE, RETURN, HOLD, CANCEL)


class CriticismState(models.TextChoices):
    AWAITED = "awaited", pgettext_lazy("self-criticism", "awaited")
    SUBMITTED = "submitted", pgettext_lazy("self-criticism", "submitted")
    ACCEPTED = "accepted", pgettext_lazy("self-criticism", "accepted")


CRITICISM_KINDS: dict[str, str] = {
    CriticismState.AWAITED: "near",
    CriticismState.SUBMITTED: "remind",
    CriticismState.ACCEPTED: "closed",
}

SUBMIT_CRITICISM = Transition(
    name="submit_criticism",
    sources=frozenset({CriticismState.AWAITED}),
    target=CriticismState.SUBMITTED,
    permission="supervision.write_criticism",
    label=_("Submit the self-criticism"),
)
RETURN_CRITICISM = Transition(
    name="return_criticism",
    sources=frozenset({CriticismState.SUBMITTED}),
    target=CriticismState.AWAITED,
    permission="supervision.judge_criticism",
    label=_("Return the self-criticism"),
)
ACCEPT_CRITICISM = Transition(
    name="accept_criticism",
    sources=frozenset({CriticismState.SUBMITTED}),
    target=CriticismState.ACCEPTED,
    permission="supervision.judge_criticism",
    label=_("Accept the self-criticism"),
)
CRITICISM_STEPS = (SUBMIT_CRITICISM, RETURN_CRITICISM, ACCEPT_CRITICISM)
