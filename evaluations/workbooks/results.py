"""The results of a round as a workbook, for those who read grades."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.workbooks import writing
from core.workbooks.columns import Column, Columns, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluations.models import Round
    from evaluations.queries.outcomes import Outcome

RESULT_COLUMNS = Columns(
    Column("unit", gettext_lazy("Department"), width=20),
    Column("post", gettext_lazy("Post"), width=14),
    Column("head", gettext_lazy("Head"), width=12),
    Column("grade", pgettext_lazy("evaluation", "Grade"), width=26),
    Column("score", pgettext_lazy("evaluation", "Score"), kind=Kind.NUMBER, width=8),
    Column("turnout", gettext_lazy("Turnout"), width=16),
    Column("earlier", gettext_lazy("Earlier rounds"), width=40),
)


def write_results(file: IO[bytes], round_: Round, told: Sequence[Outcome]) -> int:
    return writing.write(
        file,
        RESULT_COLUMNS,
        _rows(told),
        title=f"{round_.name} · {_('Results')}",
        lines=[_("Internal, confidential. Only what was published stands here.")],
    )


def _rows(told: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    for one in told:
        shown = one.shown
        yield {
            "unit": one.subject.unit.name,
            "post": one.subject.post_title,
            "head": one.subject.person.name,
            "grade": str(shown.grade.label if shown.grade else shown.grade_reason.label),  # type: ignore[union-attr]
            "score": shown.score,
            "turnout": str(shown.turnout.label) if shown.turnout else "—",
            "earlier": " → ".join(
                str(past.shown.grade.label) if past.shown.grade else "—" for past in one.earlier
            ),
        }
