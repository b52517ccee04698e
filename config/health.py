"""Is the process up, and can it serve? For load balancers and for whoever is on call."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Literal

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app
from core.access import open_to_anyone
from organisation.models import CalendarYear

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

logger = logging.getLogger(__name__)
LOOK_AHEAD = dt.timedelta(days=60)
Verdict = Literal["ok", "provisional", "failed"]


@open_to_anyone("a load balancer has no account")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@open_to_anyone("a load balancer has no account")
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when something fails. A calendar that ends too soon makes deadlines provisional, no more."""
    checks = {check.__name__: _verdict(check) for check in (database, migrations, broker, calendar)}
    is_ready = "failed" not in checks.values()
    return JsonResponse(
        {"status": "ok" if is_ready else "failed", "checks": checks},
        status=200 if is_ready else 503,
    )


def _verdict(check: Callable[[], Verdict]) -> Verdict:
    """Whatever goes wrong in a check is its answer; the details are for the log, not for strangers."""
    try:
        return check()
    except Exception:
        logger.exception("Not ready: %s", check.__name__)
        return "failed"


def database() -> Verdict:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def migrations() -> Verdict:
    executor = MigrationExecutor(connection)
    return "failed" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def broker() -> Verdict:
    with app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def calendar() -> Verdict:
    today = timezone.localdate()
    needed = {today.year, (today + LOOK_AHEAD).year}
    known = set(CalendarYear.objects.filter(year__in=needed).values_list("year", flat=True))
    return "ok" if known == needed else "provisional"
