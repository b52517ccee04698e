"""The ledger on paper and as a file: jobs of a worker, kept for the one who asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal, cast

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from core.documents import Column, Ledger, Row, render_ledger
from core.templatetags.kit import cn_date
from core.workbooks.columns import Kind
from messaging import jobs
from rectification.columns import LEDGER_COLUMNS, ON_A3, ON_A4
from rectification.filters import LedgerFilter
from rectification.workbooks import CHUNK, cells, exported, filter_in_words, heading, write_ledger

if TYPE_CHECKING:
    from organisation.models import Person

Paper = Literal["A4", "A3"]
PAPERS: dict[Paper, dict[str, int]] = {"A4": ON_A4, "A3": ON_A3}
SHORT = {"number", "rectification_class", "leader", "person", "state", "light", "source"}


def _asked_for(arguments: dict[str, Any], by: Person) -> LedgerFilter:
    """The rows of the page from which it was asked, as far as the asker may see them now."""
    campaign = Campaign.objects.visible_to(by).filter(pk=arguments["campaign"]).first()
    if campaign is None or not by.has_perm("rectification.export_ledger"):
        raise Http404
    return LedgerFilter(QueryDict(arguments.get("query", "")), campaign=campaign, by=by)


def ledger_workbook(
    arguments: dict[str, Any], *, by: Person, progress: jobs.Progress
) -> jobs.Result:
    found = _asked_for(arguments, by)
    file = io.BytesIO()
    write_ledger(file, found, progress)
    return jobs.Result(_file_name(found, "xlsx"), file.getvalue())


def ledger_paper(arguments: dict[str, Any], *, by: Person, progress: jobs.Progress) -> jobs.Result:
    """A4 across with nine columns, or A3 with all. Laying out takes longer than reading."""
    found = _asked_for(arguments, by)
    paper = cast("Paper", arguments["paper"])
    shares, total = PAPERS[paper], found.qs.count()
    rows = []
    for done, item in enumerate(exported(found.rows).iterator(CHUNK), start=1):
        if done % CHUNK == 0:
            progress(done, 2 * total)
        said = cells(item, found.today)
        if paper == "A4" and item.original_due_on and item.original_due_on != item.due_on:
            said["deadline"] = _("%(now)s (originally %(first)s)") % {
                "now": _on_paper(said["deadline"]),
                "first": item.original_due_on,
            }
        rows.append(Row(item.code, [_on_paper(said[name]) for name in shares]))
    progress(total, 2 * total or 1)
    ledger = Ledger(
        heading=heading(found),
        columns=[_column(name, share) for name, share in shares.items()],
        rows=rows,
        paper=paper,
        unit=str(found.campaign.host),
        date=cn_date(found.today),
        filters=filter_in_words(found),
    )
    return jobs.Result(_file_name(found, "pdf", paper), render_ledger(ledger))


def _column(name: str, share: int) -> Column:
    column = LEDGER_COLUMNS[name]
    is_short = name in SHORT or column.kind in {Kind.DATE, Kind.NUMBER}
    return Column(str(column.label), share, is_short=is_short)


def _on_paper(value: Any) -> str:
    return "" if value is None else str(value)


def _file_name(found: LedgerFilter, ending: str, paper: str = "") -> str:
    name = _("Ledger %(code)s %(day)s") % {"code": found.campaign.code, "day": found.today}
    return f"{name} {paper}".rstrip() + f".{ending}"


jobs.register("ledger_xlsx", ledger_workbook, label=gettext_lazy("Ledger as a workbook"))
jobs.register("ledger_pdf", ledger_paper, label=gettext_lazy("Ledger on paper"))
