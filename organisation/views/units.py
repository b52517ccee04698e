"""Units: the tree, one unit, and what the administrator does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import trail
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from organisation import actions, queries
from organisation.filters import UnitFilter
from organisation.forms.units import UnitForm
from organisation.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organisation.http import Request

UNITS_A_PAGE = 100


def unit_or_404(request: Request, pk: int) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


@require_GET
@needs("organisation.view_unit")
def unit_list(request: Request) -> HttpResponse:
    visible = Unit.objects.visible_to(request.user).in_order()
    found = UnitFilter(request.GET, visible, request=request)
    page = Paginator(found.qs, UNITS_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.unit_rows(page.object_list, timezone.localdate(), top=_top(request))
    context = {
        "filter": found,
        "page": page,
        "rows": rows,
        "is_tree": found.is_tree,
        "may_change": request.user.has_perm("organisation.change_unit"),
    }
    return render_part(
        request, "organisation/unit_list.html", "organisation/_unit_table.html", context
    )


def _top(request: Request) -> int:
    """How deep the person's own institution stands, so that the tree begins at the margin."""
    if request.user.is_administrator:
        return 0
    mine = Unit.objects.with_tree_fields().filter(pk__in=request.user.institutions)
    return min((unit.tree_depth for unit in mine), default=0)


@require_GET
@needs("organisation.view_unit")
def unit_page(request: Request, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk)
    today = timezone.localdate()
    visible = Unit.objects.visible_to(request.user)
    below = visible.filter(parent=unit).in_use().order_by("position", "pk")
    may_change = request.user.has_perm("organisation.change_unit", unit)
    context = {
        "unit": unit,
        "above": unit.ancestors().filter(pk__in=visible.values("pk")),
        "posts": queries.posts_in(unit, today),
        "below": queries.unit_rows(below, today),
        "may_change": may_change,
        "entries": trail.entries([unit]) if may_change else [],
    }
    return render_part(
        request, "organisation/unit_page.html", "organisation/unit_page.html", context
    )


@require_http_methods(["GET", "POST"])
@needs("organisation.change_unit")
def create_unit(request: Request) -> HttpResponse:
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if form.is_valid():
        try:
            unit = actions.create_unit(by=request.user, **form.facts)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("“%(unit)s” has been set up. Add its head next.") % {"unit": unit.name}
            )
            return go_to(request, unit.get_absolute_url())
    return _form(request, form, {"title": _("New unit"), "back": reverse("organisation:units")})


@require_http_methods(["GET", "POST"])
@needs("organisation.change_unit")
def change_unit(request: Request, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk)
    form = UnitForm(request.POST or None, instance=unit)
    if form.is_valid():
        try:
            actions.change_unit(unit, by=request.user, **form.facts)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. Every list shows the new facts from now on."))
            return go_to(request, unit.get_absolute_url())
    title = _("Edit %(unit)s") % {"unit": Unit.objects.get(pk=pk).name}
    return _form(request, form, {"title": title, "back": reverse("organisation:unit", args=[pk])})


def _form(request: Request, form: UnitForm, context: dict[str, object]) -> HttpResponse:
    page = "organisation/entry_form.html"
    status = 422 if form.errors else 200
    return render_part(request, page, page, {"form": form, **context}, status=status)


@require_POST
@needs("organisation.change_unit")
def move_unit(request: Request, pk: int) -> HttpResponse:
    """One place up or down, and back to the list from where it was pressed."""
    unit = unit_or_404(request, pk)
    actions.move_unit(unit, by=request.user, up=request.POST.get("way") == "up")
    anchor = f"#unit-{unit.pk}"
    page = request.POST.get("page", "")
    query = f"?page={page}" if page.isdigit() else ""
    return go_to(request, f"{reverse('organisation:units')}{query}{anchor}")


@require_POST
@needs("organisation.change_unit")
def close_unit(request: Request, pk: int) -> HttpResponse:
    """Close a unit, or open a closed one again."""
    unit = unit_or_404(request, pk)
    act = actions.reopen_unit if unit.closed_on else actions.close_unit
    try:
        act(unit, by=request.user)
    except ActionRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved. Every list shows the new facts from now on."))
    return go_to(request, unit.get_absolute_url())
