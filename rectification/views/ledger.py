"""The ledger as a list, with the figures that open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaign.http import campaign_or_404
from campaign.models import scope_of
from core.access import needs
from core.htmx import go_to, render_part
from issues.models import campaigns_inside
from messaging.actions import request_job
from rectification import queries
from rectification.filters import TAB_WORDS, LedgerFilter
from rectification.lights import clock_of

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from campaign.models import Campaign
    from organisation.http import Request
    from organisation.models import Person

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A stage of the ledger with how many items it holds; it opens exactly those."""

    show: str
    label: StrOrPromise
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    light: str
    show: str
    label: StrOrPromise
    count: int
    remark: str = ""


@require_GET
@needs("rectification.view_item")
def ledger_list(request: Request, campaign_pk: int) -> HttpResponse:
    campaign = campaign_or_404(request, campaign_pk)
    person = request.user
    today = timezone.localdate()
    found = LedgerFilter(request.GET, campaign=campaign, by=person)
    pages = Paginator(found.page_rows, ROWS_A_PAGE)
    tally = queries.tally(found.counted, today)
    pages.count = found.count(tally)  # else the pages would be counted by a statement of their own
    page = pages.get_page(request.GET.get("page"))
    for item in page:
        item.campaign = campaign
        item.clock = clock_of(item, today)  # type: ignore[attr-defined]
    figures = tally.figures
    asked = {name: request.GET.get(name, "") for name in ("show", "light", "state")}
    context = {
        "campaign": campaign,
        "filter": found,
        "page": page,
        "tabs": _tabs(figures, asked["show"]),
        "tiles": _tiles(figures),
        "asked": asked,
        "is_filtered": bool(found.in_words),
        "plans_waiting": _plans_waiting(person, campaign, today),
        "keeps": campaign.pk in scope_of(person).office,
        "reads_notices": campaign.pk in campaigns_inside(scope_of(person)),
    }
    return render_part(
        request, "rectification/ledger_list.html", "rectification/_ledger_table.html", context
    )


def _plans_waiting(person: Person, campaign: Campaign, today: dt.date) -> int:
    [verb] = [verb for verb in queries.VERBS if verb.key == "approve_plan"]
    return queries.waiting(verb, person, today).filter(campaign=campaign).count()


def _tabs(figures: queries.Figures, asked: str) -> list[Tab]:
    """Every stage in the order of the work; voided ones only where there are any."""
    stages = [Tab(key, words, getattr(figures, key)) for key, words in TAB_WORDS.items()]
    return [
        Tab("", _("All"), figures.total),
        *(tab for tab in stages if tab.count or tab.show == asked or tab.show != "voided"),
    ]


def _tiles(figures: queries.Figures) -> list[Tile]:
    rate = "" if figures.rate is None else _("%(rate)s%% of all") % {"rate": figures.rate}
    return [
        Tile("overdue", "", _("Overdue"), figures.overdue),
        Tile("near", "", _("Due soon"), figures.near),
        Tile("", "under_review", _("Under review"), figures.under_review),
        Tile("", "done", _("Concluded"), figures.done, rate),
    ]


KINDS = {"xlsx": ("ledger_xlsx", ""), "A4": ("ledger_pdf", "A4"), "A3": ("ledger_pdf", "A3")}


@require_POST
@needs("rectification.export_ledger")
def export(request: Request, campaign_pk: int) -> HttpResponse:
    """Have the rows as they are filtered now made into a file; the next page shows how far it is."""
    campaign = campaign_or_404(request, campaign_pk)
    kind, paper = KINDS.get(request.POST.get("kind", ""), KINDS["xlsx"])
    query = QueryDict(request.POST.get("query", "")).urlencode()
    arguments = {"campaign": campaign.pk, "query": query, "paper": paper}
    name = _("Ledger as a workbook") if kind == "ledger_xlsx" else _("Ledger on paper")
    title = f"{name} {paper} · {campaign.name}".replace("  ", " ")
    job = request_job(kind, arguments, by=request.user, title=title)
    return go_to(request, job.get_absolute_url())
