"""The ledger on paper and as a file: jobs of a worker, kept for the one who asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from core.documents import Column, Ledger, Row, render_ledger
from core.errors import ActionRefusedError
from core.templatetags.kit import cn_date
from core.workbooks.columns import Kind
from messaging import jobs
from rectification.columns import HEADED, LEDGER_COLUMNS, ON_A3, ON_A4
from rectification.filters import LedgerFilter
from rectification.workbooks import CHUNK, cells, exported, filter_in_words, heading, write_ledger

if TYPE_CHECKING:
    from organisation.models import Person
    from rectification.models import LedgerItem

MOST_ROWS = 5_000
"""Some two hundred sheets and minutes of work; nobody leafs through more."""
Paper = Literal["A4", "A3"]
PAPERS: dict[Paper, dict[str, int]] = {"A4": ON_A4, "A3": ON_A3}
SHORT = {"number", "rectification_class", "leader", "person", "state", "light", "source"}


def _asked_for(arguments: dict[str, Any], by: Person) -> LedgerFilter:
    """The rows of the page from which it was asked, as far as the asker may see them now."""
    campaign = Campaign.objects.visible_to(by).filter(pk=arguments["campaign"]).first()
    if campaign is None or not by.has_perm("rectification.export_ledger"):
        raise ActionRefusedError(_("You cannot see this campaign any more."))
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
    if total > MOST_ROWS:
        raise ActionRefusedError(
            _("More than %(most)s items do not fit on paper. Filter them, or take the workbook.")
            % {"most": MOST_ROWS}
        )
    rows = []
    for done, item in enumerate(exported(found.rows).iterator(CHUNK), start=1):
        if done % CHUNK == 0:
            progress(done, 2 * total)
        said = cells(item, found.today)
        if paper == "A4":
            said |= _in_fewer_cells(item, said)
        else:
            said["rectification_class"] = item.class_in_short
        rows.append(Row(item.code, [_on_paper(said[name]) for name in shares]))
    progress(total, 2 * total or 1)
    ledger = Ledger(
        heading=heading(found),
        columns=[_column(name, share, paper) for name, share in shares.items()],
        rows=rows,
        paper=paper,
        unit=str(found.campaign.host),
        date=cn_date(found.today),
        filters=filter_in_words(found),
    )
    return jobs.Result(_file_name(found, "pdf", paper), render_ledger(ledger))


def _in_fewer_cells(item: LedgerItem, said: dict[str, Any]) -> dict[str, str]:
    """What A4 has no columns for stands with what belongs to it."""
    others = [name for name in (said["departments"], said["person"]) if name]
    light = said["light"] if item.is_open and item.due_on else ""
    deadline = _on_paper(said["deadline"])
    if item.is_deadline_moved:
        deadline = _("%(now)s (originally %(first)s)") % {
            "now": deadline,
            "first": item.original_due_on,
        }
    return {
        "lead_department": "\n".join([said["lead_department"], *others]).strip(),
        "deadline": deadline,
        "state": "\n".join(part for part in (str(said["state"]), light) if part),
    }


def _column(name: str, share: int, paper: Paper) -> Column:
    column = LEDGER_COLUMNS[name]
    label = HEADED[paper].get(name, column.label)
    is_short = name in SHORT or column.kind in {Kind.DATE, Kind.NUMBER}
    return Column(str(label), share, is_short=is_short)


def _on_paper(value: Any) -> str:
    return "" if value is None else str(value)


def _file_name(found: LedgerFilter, ending: str, paper: str = "") -> str:
    name = _("Ledger %(code)s %(day)s") % {"code": found.campaign.code, "day": found.today}
    return f"{name} {paper}".rstrip() + f".{ending}"


jobs.register("ledger_xlsx", ledger_workbook, label=gettext_lazy("Ledger as a workbook"))
jobs.register("ledger_pdf", ledger_paper, label=gettext_lazy("Ledger on paper"))
