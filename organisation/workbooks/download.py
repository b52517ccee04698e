"""Workbooks as answers to a request."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.workbooks import writing
from core.workbooks.columns import Column, Columns
from organisation.models import Post

if TYPE_CHECKING:
    from organisation.models import Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD_COLUMNS = Columns(
    Column("unit", gettext_lazy("Unit"), width=24),
    Column("employee_number", gettext_lazy("Employee number")),
    Column("name", pgettext_lazy("person", "Name")),
    Column("password", gettext_lazy("One-time password"), width=20),
)


def download(name: str) -> HttpResponse:
    """An answer that the browser saves as a workbook of that name."""
    response = HttpResponse(content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{get_valid_filename(name)}.xlsx"
    )
    return response


def passwords_workbook(issued: list[tuple[Person, str]]) -> HttpResponse:
    """To be cut into slips and handed over; each must be changed at the first sign-in."""
    title = _("One-time passwords")
    posts = Post.objects.on(timezone.localdate()).filter(person__in=[one.pk for one, _pw in issued])
    units = {post.person_id: post.unit.name for post in posts.select_related("unit").by_rank()}
    sheet = BytesIO()
    rows = (
        {
            "unit": units.get(person.pk, ""),
            "employee_number": person.employee_number,
            "name": person.name,
            "password": password,
        }
        for person, password in issued
    )
    writing.write(sheet, PASSWORD_COLUMNS, rows, title=title)
    response = download(title)
    response.write(sheet.getvalue())
    return response
