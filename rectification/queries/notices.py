"""Public notices as everybody in the institution reads them: without the names of persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from organisation.queries import without_names
from rectification.models import Attempt, LedgerItem, Outcome

if TYPE_CHECKING:
    import datetime as dt

    from rectification.models import LedgerItemQuerySet


@dataclass(frozen=True, slots=True)
class Notice:
    item: LedgerItem
    problem: str
    measures: list[str]
    result: str
    since: dt.date | None
    until: dt.date | None


def notices(items: LedgerItemQuerySet) -> list[Notice]:
    """Those that end first come first. Four queries, however many there are."""
    rows = list(items.select_related("campaign", "lead_department").prefetch_related("measures"))
    attempts = {
        attempt.item_id: attempt
        for attempt in Attempt.objects.filter(item__in=rows, outcome=Outcome.PENDING)
    }
    texts: list[str] = []
    for row in rows:
        texts += [row.text, attempts[row.pk].statement]
        texts += [m.text for m in sorted(row.measures.all(), key=lambda m: (m.position, m.pk))]
    masked = iter(without_names(texts))
    made = []
    for row in rows:
        attempt = attempts[row.pk]
        problem, result = next(masked), next(masked)
        measures = [next(masked) for _measure in row.measures.all()]
        made.append(
            Notice(row, problem, measures, result, attempt.notice_from, attempt.notice_until)
        )
    return sorted(made, key=lambda notice: (str(notice.until), notice.item.number))
