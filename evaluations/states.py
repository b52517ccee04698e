"""The states of a round, a consequence, an appeal and a survey, and the moves between."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Transition


class RoundState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("round", "being prepared")
    FROZEN = "frozen", pgettext_lazy("round", "rules frozen, tickets and voting by the clock")
    COUNTED = "counted", pgettext_lazy("round", "counted")
    PUBLISHED = "published", pgettext_lazy("round", "results published")
    CANCELLED = "cancelled", pgettext_lazy("round", "cancelled")


ROUND_KINDS: dict[str, str] = {
    RoundState.PREPARING: "remind",
    RoundState.FROZEN: "normal",
    RoundState.COUNTED: "near",
    RoundState.PUBLISHED: "closed",
    RoundState.CANCELLED: "none",
}
FREEZE = Transition(
    name="freeze_round",
    sources=frozenset({RoundState.PREPARING}),
    target=RoundState.FROZEN,
    permission="evaluations.run_round",
    label=_("Freeze the rules and announce the vote"),
)
COUNT = Transition(
    name="count_round",
    sources=frozenset({RoundState.FROZEN}),
    target=RoundState.COUNTED,
    permission="evaluations.count_round",
    label=_("Open the boxes and count"),
)
PUBLISH = Transition(
    name="publish_round",
    sources=frozenset({RoundState.COUNTED}),
    target=RoundState.PUBLISHED,
    permission="evaluations.publish_round",
    label=_("Publish the results"),
)
CANCEL = Transition(
    name="cancel_round",
    sources=frozenset({RoundState.PREPARING, RoundState.FROZEN}),
    target=RoundState.CANCELLED,
    permission="evaluations.run_round",
    label=_("Cancel the round"),
)
ROUND_STEPS = (FREEZE, COUNT, PUBLISH, CANCEL)


class ConsequenceState(models.TextChoices):
    DECIDED = "decided", pgettext_lazy("consequence", "decided, to be carried out")
    CARRIED_OUT = "carried_out", pgettext_lazy("consequence", "carried out, answer awaited")
    ANSWERED = "answered", pgettext_lazy("consequence", "answered, to be followed up")
    CLOSED = "closed", pgettext_lazy("consequence", "followed up and closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("consequence", "withdrawn")


CONSEQUENCE_KINDS: dict[str, str] = {
    ConsequenceState.DECIDED: "near",
    ConsequenceState.CARRIED_OUT: "remind",
    ConsequenceState.ANSWERED: "normal",
    ConsequenceState.CLOSED: "closed",
    ConsequenceState.WITHDRAWN: "none",
}
CARRY_OUT = Transition(
    name="carry_out",
    sources=frozenset({ConsequenceState.DECIDED}),
    target=ConsequenceState.CARRIED_OUT,
    permission="evaluations.carry_out",
    label=_("Issue the paper and record that it was carried out"),
)
ANSWER = Transition(
    name="answer",
    sources=frozenset({ConsequenceState.CARRIED_OUT}),
    target=ConsequenceState.ANSWERED,
    permission="evaluations.answer_consequence",
    label=_("Answer in writing"),
)
FOLLOW_UP = Transition(
    name="follow_up",
    sources=frozenset({ConsequenceState.CARRIED_OUT, ConsequenceState.ANSWERED}),
    target=ConsequenceState.CLOSED,
    permission="evaluations.carry_out",
    label=_("Record the follow-up and close"),
)
WITHDRAW = Transition(
    name="withdraw_consequence",
    sources=frozenset(
        {ConsequenceState.DECIDED, ConsequenceState.CARRIED_OUT, ConsequenceState.ANSWERED}
    ),
    target=ConsequenceState.WITHDRAWN,
    permission="evaluations.decide_consequence",
    label=_("Withdraw"),
)
CONSEQUENCE_STEPS = (CARRY_OUT, ANSWER, FOLLOW_UP, WITHDRAW)


class AppealState(models.TextChoices):
    FILED = "filed", pgettext_lazy("appeal", "filed")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    REJECTED = "rejected", pgettext_lazy("appeal", "rejected")


APPEAL_KINDS: dict[str, str] = {
    AppealState.FILED: "near",
    AppealState.UPHELD: "closed",
    AppealState.REJECTED: "none",
}
UPHOLD = Transition(
    name="uphold_appeal",
    sources=frozenset({AppealState.FILED}),
    target=AppealState.UPHELD,
    permission="evaluations.judge_appeal",
    label=_("Uphold the appeal"),
)
REJECT = Transition(
    name="reject_appeal",
    sources=frozenset({AppealState.FILED}),
    target=AppealState.REJECTED,
    permission="evaluations.judge_appeal",
    label=_("Reject the appeal"),
)
APPEAL_STEPS = (UPHOLD, REJECT)


class SurveyState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("survey", "being prepared")
    OPEN = "open", pgettext_lazy("survey", "open")
    CLOSED = "closed", pgettext_lazy("survey", "closed")
    PUBLISHED = "published", pgettext_lazy("survey", "published")
    CANCELLED = "cancelled", pgettext_lazy("survey", "cancelled")


SURVEY_KINDS: dict[str, str] = {
    SurveyState.PREPARING: "remind",
    SurveyState.OPEN: "normal",
    SurveyState.CLOSED: "near",
    SurveyState.PUBLISHED: "closed",
    SurveyState.CANCELLED: "none",
}
OPEN_SURVEY = Transition(
    name="open_survey",
    sources=frozenset({SurveyState.PREPARING}),
    target=SurveyState.OPEN,
    permission="evaluations.run_survey",
    label=_("Open the survey"),
)
CLOSE_SURVEY = Transition(
    name="close_survey",
    sources=frozenset({SurveyState.OPEN}),
    target=SurveyState.CLOSED,
    permission="evaluations.run_survey",
    label=_("Close and count"),
)
PUBLISH_SURVEY = Transition(
    name="publish_survey",
    sources=frozenset({SurveyState.CLOSED}),
    target=SurveyState.PUBLISHED,
    permission="evaluations.run_survey",
    label=_("Publish the figures"),
)
CANCEL_SURVEY = Transition(
    name="cancel_survey",
    sources=frozenset({SurveyState.PREPARING, SurveyState.OPEN}),
    target=SurveyState.CANCELLED,
    permission="evaluations.run_survey",
    label=_("Cancel the survey"),
)
SURVEY_STEPS = (OPEN_SURVEY, CLOSE_SURVEY, PUBLISH_SURVEY, CANCEL_SURVEY)
