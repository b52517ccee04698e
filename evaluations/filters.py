"""Filters of rounds and surveys, asked by other systems."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy

from evaluations.models import Audience, Round, Survey
from evaluations.states import RoundState, SurveyState


class RoundFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=RoundState.choices, label=gettext_lazy("State"))

    class Meta:
        model = Round
        fields = ("state",)


class SurveyFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=SurveyState.choices, label=gettext_lazy("State"))
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, label=gettext_lazy("Who is asked")
    )

    class Meta:
        model = Survey
        fields = ("state", "audience")
