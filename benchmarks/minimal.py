"""What the pages are held against: a Django site as ``startproject`` makes it, with one view.

Fifty rows of the same table in ten columns, with session, person and one template; no rules, no
filters, no figures. It is a site of its own (these are its settings and its addresses), so that it
pays for nothing of the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path

from benchmarks.settings import *  # noqa: F403 -- the same database, people and sessions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROOT_URLCONF = "benchmarks.minimal"
LOGIN_URL = "/sign-in/"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "benchmarks" / "templates"],  # noqa: F405
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    from rectification.models import LedgerItem  # noqa: PLC0415 -- this module is settings, too

    rows = LedgerItem.objects.select_related("category", "lead_department", "responsible_leader")
    pages = Paginator(rows.order_by("number", "pk"), 50)
    return render(request, "minimal.html", {"page": pages.get_page(request.GET.get("page"))})


urlpatterns = [path("", ledger), path("items/<int:number>/", ledger, name="item")]
