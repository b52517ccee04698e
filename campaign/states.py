"""The states of a campaign and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workflow import Transition


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "draft")
    RUNNING = "running", pgettext_lazy("campaign", "running")
    FINISHED = "finished", pgettext_lazy("campaign", "finished")


START = Transition(
    name="start",
    sources=frozenset({State.DRAFT}),
    target=State.RUNNING,
    permission="campaign.change_campaign",
    label=_("Start the campaign"),
)
FINISH = Transition(
    name="finish",
    sources=frozenset({State.RUNNING}),
    target=State.FINISHED,
    permission="campaign.change_campaign",
    label=_("Finish the campaign"),
)

STEPS = (START, FINISH)
