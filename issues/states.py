"""The states of an issue and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Transition


class State(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("issue", "awaiting review")
    CONFIRMED = "confirmed", pgettext_lazy("issue", "confirmed")
    MERGED = "merged", pgettext_lazy("issue", "merged")
    RETURNED = "returned", pgettext_lazy("issue", "returned")
    HANDED_OVER = "handed_over", _("handed to the discipline office")
    REJECTED = "rejected", _("not upheld")


CONFIRM = Transition(
    name="confirm",
    sources=frozenset({State.REPORTED}),
    target=State.CONFIRMED,
    permission="issues.review_issue",
    label=pgettext_lazy("issue step", "Confirm"),
)
MERGE = Transition(
    name="merge",
    sources=frozenset({State.REPORTED}),
    target=State.MERGED,
    permission="issues.review_issue",
    label=pgettext_lazy("issue step", "Merge"),
)
RETURN = Transition(
    name="send_back",
    sources=frozenset({State.REPORTED}),
    target=State.RETURNED,
    permission="issues.review_issue",
    label=pgettext_lazy("issue step", "Return"),
)
HAND_OVER = Transition(
    name="hand_over",
    sources=frozenset({State.REPORTED}),
    target=State.HANDED_OVER,
    permission="issues.review_issue",
    label=_("Hand to the discipline office"),
)
GO_ALONG = Transition(
    name="go_along",
    sources=frozenset({State.MERGED}),
    target=State.HANDED_OVER,
    permission="issues.review_issue",
    label=_("Handed over with the problem that says the same"),
)
REJECT = Transition(
    name="reject",
    sources=frozenset({State.REPORTED}),
    target=State.REJECTED,
    permission="issues.review_issue",
    label=_("Do not uphold"),
)
RESUBMIT = Transition(
    name="resubmit",
    sources=frozenset({State.RETURNED}),
    target=State.REPORTED,
    permission="issues.resubmit_issue",
    label=_("Submit again"),
)

REVIEW_STEPS = (CONFIRM, MERGE, RETURN, HAND_OVER, REJECT)
STEPS = (*REVIEW_STEPS, RESUBMIT)
