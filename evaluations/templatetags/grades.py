"""Grades as a shape and a word: never by colour alone, and always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

from core.templatetags.kit import light
from evaluations.counting.rules import Grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from evaluations.counting.publication import Publication, Reason
    from evaluations.queries.outcomes import DimensionFigures

register = template.Library()
KINDS = {
    Grade.GOOD: "normal",
    Grade.FAIR: "remind",
    Grade.AVERAGE: "near",
    Grade.POOR: "overdue",
}


@register.simple_tag
def grade(given: Grade | None, reason: Reason | None = None) -> SafeString:
    """The grade, or the sentence that stands in its place."""
    if given is None:
        return light("none", reason.label if reason else "—")
    return light(KINDS.get(given, "none"), given.label)


@register.simple_tag
def published_grade(shown: Publication) -> SafeString:
    return grade(shown.grade, shown.grade_reason)


@register.simple_tag
def told(value: object, reason: Reason | None = None) -> SafeString:
    """A figure, or why there is none."""
    if value is None or value == "":
        return format_html(
            '<span class="text-secondary">{}</span>', reason.label if reason else "—"
        )
    return format_html("{}", getattr(value, "label", value))


@register.simple_tag
def dimension_at(figures: Sequence[DimensionFigures], place: int) -> str:
    """The name of a dimension by its place, for cells that stand alone on a phone."""
    return figures[place].name
