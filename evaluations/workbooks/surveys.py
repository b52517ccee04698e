"""The result of a survey as a workbook: each figure in its own column, with what it is divided by."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.workbooks import writing
from core.workbooks.columns import Column, Columns, Kind
from evaluations.counting.satisfaction import one_decimal
from evaluations.queries.surveys import result_of

if TYPE_CHECKING:
    from evaluations.models import Survey
    from evaluations.queries.surveys import Line

COLUMNS = Columns(
    Column("department", gettext_lazy("Department"), width=24),
    Column("issued", pgettext_lazy("satisfaction", "Issued"), kind=Kind.NUMBER),
    Column("returned", pgettext_lazy("satisfaction", "Returned"), kind=Kind.NUMBER),
    Column("valid", pgettext_lazy("satisfaction", "Valid"), kind=Kind.NUMBER),
    Column("satisfied", gettext_lazy("Satisfied"), kind=Kind.NUMBER),
    Column("fairly", gettext_lazy("Fairly satisfied"), kind=Kind.NUMBER),
    Column("dissatisfied", gettext_lazy("Not satisfied"), kind=Kind.NUMBER),
    Column("unknown", gettext_lazy("I do not know it"), kind=Kind.NUMBER),
    Column("rate", gettext_lazy("Satisfaction rate (%)"), kind=Kind.NUMBER),
    Column("score", gettext_lazy("Satisfaction score"), kind=Kind.NUMBER),
    Column("note", pgettext_lazy("satisfaction", "Note"), width=24),
)


def formulas(survey: Survey) -> list[str]:
    """The sentences that stand beside every result, on the page and in the workbook."""
    return [
        _("Rate = (satisfied + fairly satisfied) ÷ (valid − do not know): a share of people."),
        _(
            "Score = (satisfied × %(satisfied)s + fairly satisfied × %(fairly)s + not satisfied ×"
            " %(dissatisfied)s) ÷ (valid − do not know): a mean of points, not a percentage."
        )
        % {
            "satisfied": survey.satisfied,
            "fairly": survey.fairly,
            "dissatisfied": survey.dissatisfied,
        },
        _("Both are worked out exactly and rounded half up to one decimal."),
    ]


def result_workbook(survey: Survey) -> bytes | None:
    """None before there is a result."""
    result = result_of(survey)
    if result is None:
        return None
    rows = [_row(line.name, line) for line in result.lines]
    if result.total is not None:
        name = _("Together (%(n)s departments)") % {"n": result.published}
        rows.append(_row(name, result.total))
    file = io.BytesIO()
    writing.write(
        file,
        COLUMNS,
        rows,
        title=survey.name,
        lines=[survey.campaign.name, *formulas(survey)],
    )
    return file.getvalue()


def _row(name: str, line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {"department": name, "issued": line.issued, "returned": line.returned}
    if line.answers is None:
        return row | {"note": _("too few answers, not published")}
    rate, score = line.answers.rate, line.answers.score(line.points)
    return row | {
        "valid": line.valid,
        **line.answers.as_counts(),
        "rate": None if rate is None else float(one_decimal(rate)),
        "score": None if score is None else float(one_decimal(score)),
        "note": "" if not line.is_few else _("n = %(n)s") % {"n": line.judging},
    }
