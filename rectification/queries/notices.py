"""Public notices as everybody in the institution reads them: without the names of persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.db.models.functions import Length, StrIndex

from organisation.models import Person
from rectification.models import Attempt, LedgerItem, Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from rectification.models import LedgerItemQuerySet

SOMEBODY = "某"
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Notice:
    item: LedgerItem
    problem: str
    measures: list[str]
    result: str
    since: dt.date | None
    until: dt.date | None


def without_names(texts: Iterable[str]) -> list[str]:
    """Each text with every name of ours that occurs in it reduced to its first sign: 张三 → 张某."""
    texts = list(texts)
    whole = "\n".join(texts)
    if not whole.strip():
        return texts
    found = (
        Person.objects.annotate(at=StrIndex(Value(whole), F("name")), length=Length("name"))
        .filter(at__gt=0, length__gte=SHORTEST_NAME)
        .order_by("-length", "name")
        .values_list("name", flat=True)
        .distinct()
    )
    for name in list(found):
        masked = name[0] + SOMEBODY * (len(name) - 1)
        texts = [text.replace(name, masked) for text in texts]
    return texts


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
