"""The import wizard: upload, look at every fault, mend or leave out, take in all or none."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import needs
from core.errors import ActionRefusedError
from core.findings import Finding, Level
from core.htmx import go_to, render_part
from core.workbooks import writing
from core.workbooks.columns import JOINT, Columns
from organisation.forms.imports import MendForm, RowForm, UploadForm
from organisation.models import StagedRow, StagedWorkbook
from organisation.workbooks import staged
from organisation.workbooks.download import download
from organisation.workbooks.importer import importer_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpResponse
    from django.urls import URLPattern

    from organisation.http import Request
    from organisation.models.staging import StagedWorkbookQuerySet
    from organisation.workbooks.importer import Importer, RowChecker

ROWS_A_PAGE = 50
STEPS = ("preview", "mend", "leave_out", "commit", "discard", "annotated", "original")
SHOWS = ("faults", "doubts", "all", "left_out")


class Desk:
    """One wizard at one address: the importer, what its rows are for, and its own addresses."""

    def __init__(self, request: Request, purpose: str, where: dict[str, int]) -> None:
        self.request = request
        self.importer: Importer = importer_for(purpose)
        self.where = where
        self.scope: Any = self.importer.load(request, **where)
        if not request.user.has_perm(self.importer.permission, self.scope):
            raise PermissionDenied

    def url(self, step: str = "", **more: object) -> str:
        match = self.request.resolver_match
        space = f"{match.namespace}:" if match and match.namespace else ""
        name = "_".join(filter(None, [f"{space}{self.importer.purpose}_import", step]))
        return reverse(name, kwargs={**self.where, **more})

    def workbooks(self) -> StagedWorkbookQuerySet:
        return StagedWorkbook.objects.visible_to(self.request.user).filter(
            purpose=self.importer.purpose, scope_id=self.scope.pk if self.scope else None
        )

    def workbook(self, key: UUID) -> StagedWorkbook:
        return get_object_or_404(self.workbooks(), key=key)

    def context(self, **more: object) -> dict[str, object]:
        crumb, crumb_url = self.importer.pretitle(self.scope)
        return {
            "importer": self.importer,
            "crumb": crumb,
            "crumb_url": crumb_url,
            "start_url": self.url(),
            "template_url": self.url("template"),
            **self.importer.context(self.scope),
            **more,
        }


@require_http_methods(["GET", "POST"])
@needs("organisation.use_importer")
def upload(request: Request, purpose: str, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            workbook = staged.stage(
                desk.importer, desk.scope, form.cleaned_data["file"], by=request.user
            )
        except ActionRefusedError as refused:
            form.add_error("file", str(refused))
        else:
            return go_to(request, desk.url("preview", key=workbook.key))
    earlier = desk.workbooks().newest_first().with_rows_counted()[:10]
    context = desk.context(
        form=form, earlier=[(one, desk.url("preview", key=one.key)) for one in earlier]
    )
    return render(
        request, "organisation/import_upload.html", context, status=422 if form.errors else 200
    )


@require_GET
@needs("organisation.use_importer")
def template(request: Request, purpose: str, **where: int) -> HttpResponse:
    """An empty workbook with the headings that the list knows best."""
    desk = Desk(request, purpose, where)
    response = download(_("%(title)s (form)") % {"title": desk.importer.title})
    sheet = BytesIO()
    writing.write(sheet, desk.importer.columns(desk.scope), (), title=str(desk.importer.title))
    response.write(sheet.getvalue())
    return response


@require_GET
@needs("organisation.use_importer")
def preview(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    return _preview(desk, desk.workbook(key))


@require_POST
@needs("organisation.use_importer")
def mend(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    workbook = desk.workbook(key)
    form = MendForm(request.POST)
    if not form.is_valid():
        return _preview(desk, workbook, refused=_("Type the new text of the cell."))
    row = get_object_or_404(workbook.rows, pk=form.cleaned_data["row"])
    texts = {form.cleaned_data["column"]: form.cleaned_data["text"]}
    everywhere = form.cleaned_data["everywhere"]
    try:
        staged.mend(desk.importer, desk.scope, row, texts, by=request.user, everywhere=everywhere)
    except ActionRefusedError as refused:
        return _preview(desk, workbook, refused=str(refused))
    return _back(desk, workbook)


@require_POST
@needs("organisation.use_importer")
def leave_out(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    workbook = desk.workbook(key)
    form = RowForm(request.POST)
    row = get_object_or_404(workbook.rows, pk=form.cleaned_data["row"] if form.is_valid() else None)
    try:
        staged.leave_out(desk.importer, desk.scope, row, by=request.user)
    except ActionRefusedError as refused:
        return _preview(desk, workbook, refused=str(refused))
    return _back(desk, workbook)


@require_POST
@needs("organisation.use_importer")
def commit(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    workbook = desk.workbook(key)
    try:
        count = staged.commit(desk.importer, desk.scope, workbook, by=request.user)
    except ActionRefusedError as refused:
        return _preview(desk, workbook, refused=str(refused))
    done = desk.importer.done(desk.scope, workbook, count)
    messages.success(request, done.sentence)
    return go_to(request, done.url)


@require_POST
@needs("organisation.use_importer")
def discard(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    desk = Desk(request, purpose, where)
    workbook = desk.workbook(key)
    try:
        staged.discard(workbook, by=request.user)
    except ActionRefusedError as refused:
        return _preview(desk, workbook, refused=str(refused))
    messages.success(
        request,
        _("“%(name)s” was discarded; nothing of it was taken in.") % {"name": workbook.file_name},
    )
    return go_to(request, desk.url())


@require_GET
@needs("organisation.use_importer")
def annotated(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    """The uploaded file with a column that says what is wrong, for those who mend in the sheet."""
    desk = Desk(request, purpose, where)
    workbook = desk.workbook(key)
    response = download(_("%(name)s (with faults)") % {"name": _stem(workbook)})
    response.write(staged.annotated(desk.importer, workbook))
    return response


@require_GET
@needs("organisation.use_importer")
def original(request: Request, purpose: str, key: UUID, **where: int) -> HttpResponse:
    workbook = Desk(request, purpose, where).workbook(key)
    response = download(_stem(workbook))
    response.write(staged.original(workbook))
    return response


def import_patterns(purpose: str) -> list[URLPattern]:
    """The addresses of one wizard, to be mounted with ``include`` in the app that registered it."""
    steps = {
        "preview": preview,
        "mend": mend,
        "leave_out": leave_out,
        "commit": commit,
        "discard": discard,
        "annotated": annotated,
        "original": original,
    }
    given = {"purpose": purpose}
    return [
        path("", upload, given, name=f"{purpose}_import"),
        path("form.xlsx", template, given, name=f"{purpose}_import_template"),
        *(
            path(
                "<uuid:key>/" + ("" if step == "preview" else f"{step.replace('_', '-')}/"),
                view,
                given,
                name=f"{purpose}_import_{step}",
            )
            for step, view in steps.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding with the form that mends it: the text that stands in the cell now."""

    finding: Finding
    label: str
    text: str
    can_mend: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    row: StagedRow
    heading: str
    facts: list[tuple[str, str, bool]]
    """Label, text, and whether it was mended."""
    doubts: list[Doubt]


def _shown(row: StagedRow, columns: Columns, checker: RowChecker) -> RowShown:
    texts = checker.check_row(row.cells, row.mended).texts
    labels = {column.name: str(column.label) for column in columns}
    first = next((column.name for column in columns.required if texts.get(column.name)), "")
    return RowShown(
        row=row,
        heading=texts.get(first, ""),
        facts=[
            (label, texts[name], name in row.mended)
            for name, label in labels.items()
            if texts.get(name) and name != first
        ],
        doubts=[
            Doubt(
                finding,
                labels.get(finding.column, ""),
                texts.get(finding.column, ""),
                can_mend=finding.column in labels,
            )
            for finding in staged.findings_of(row)
        ],
    )


def _chosen(rows: QuerySet[StagedRow], show: str) -> QuerySet[StagedRow]:
    kept = rows.filter(is_left_out=False)
    return {
        "faults": kept.filter(has_faults=True),
        "doubts": kept.filter(has_faults=False).filter(_doubtful()),
        "left_out": rows.filter(is_left_out=True),
    }.get(show, kept)


def _doubtful() -> Q:
    return Q(findings__contains=[{"level": Level.DOUBT.value}])


def _counts(workbook: StagedWorkbook) -> dict[str, int]:
    kept = Q(is_left_out=False)
    return workbook.rows.aggregate(
        all=Count("pk", filter=kept),
        faults=Count("pk", filter=kept & Q(has_faults=True)),
        doubts=Count("pk", filter=kept & Q(has_faults=False) & _doubtful()),
        left_out=Count("pk", filter=Q(is_left_out=True)),
    )


def _preview(desk: Desk, workbook: StagedWorkbook, refused: str = "") -> HttpResponse:
    context = desk.context(
        workbook=workbook,
        is_open=workbook.state == StagedWorkbook.State.STAGED,
        notes=[Finding.from_json(note) for note in workbook.notes],
        headings=list(_headings(workbook, desk.importer.columns(desk.scope))),
        refused=refused,
        **_rows_asked_for(desk, workbook),
        **{f"{step}_url": desk.url(step, key=workbook.key) for step in STEPS},
    )
    return render_part(
        desk.request,
        "organisation/import_preview.html",
        "organisation/_import_rows.html",
        context,
        status=422 if refused else 200,
    )


def _rows_asked_for(desk: Desk, workbook: StagedWorkbook) -> dict[str, object]:
    """One page of the rows; without a wish, those that need mending come first."""
    asked = desk.request.GET if desk.request.method == "GET" else desk.request.POST
    counts = _counts(workbook)
    show = asked.get("show", "")
    if show not in SHOWS:
        show = next((one for one in SHOWS[:2] if counts[one]), "all")
    rows = _chosen(workbook.rows.all(), show).order_by("pk")
    page: Page[Any] = Paginator(rows, ROWS_A_PAGE).get_page(asked.get("page"))
    columns = desk.importer.columns(desk.scope)
    checker = desk.importer.checker(desk.scope, workbook)
    return {
        "counts": counts,
        "show": show,
        "tabs": _tabs(counts),
        "page": page,
        "rows": [_shown(row, columns, checker) for row in page],
    }


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    words = {
        "faults": _("To be mended"),
        "doubts": _("Doubtful"),
        "all": _("All rows"),
        "left_out": _("Left out"),
    }
    return [(show, words[show], counts[show]) for show in SHOWS]


def _headings(
    workbook: StagedWorkbook, columns: Columns
) -> Iterable[tuple[str, list[tuple[str, str, str]]]]:
    """How the columns of each sheet were understood: cell, heading, meaning."""
    for sheet, found in workbook.columns.items():
        yield (
            sheet,
            [
                (one["cell"], one["heading"], JOINT.join(_labels(one["columns"], columns)))
                for one in found
            ],
        )


def _labels(names: Iterable[str], columns: Columns) -> list[str]:
    return [str(columns[name].label) for name in names if name in columns]


def _back(desk: Desk, workbook: StagedWorkbook) -> HttpResponse:
    """To the same page of the same rows: as the part for a swap, by way of the address otherwise."""
    if desk.request.htmx:
        return _preview(desk, workbook)
    asked = {name: desk.request.POST.get(name, "") for name in ("show", "page")}
    query = urlencode({name: value for name, value in asked.items() if value})
    return go_to(desk.request, f"{desk.url('preview', key=workbook.key)}?{query}")


def _stem(workbook: StagedWorkbook) -> str:
    return workbook.file_name.rpartition(".")[0] or workbook.file_name
