"""Pages in turn with the minimal one, over HTTP, signed in."""

from __future__ import annotations

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from benchmarks.processes import database_cpu

if TYPE_CHECKING:
    from benchmarks.processes import Site
    from benchmarks.seeding import Seeded
    from organisation.models import Person

HTTP_OK = 200
AT_ONCE = 2
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    most_cpu: float | None = None
    """The aim: at most so many times the minimal page's."""
    most_statements: int | None = None


@dataclass(slots=True)
class Measured:
    """What a series of requests to one site cost."""

    requests: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    database: float | None = 0.0
    times: list[float] = field(default_factory=list)

    def add_database(self, before: dict[int, float] | None, after: dict[int, float] | None) -> None:
        """What the sessions used meanwhile; of one that ended meanwhile nothing is known."""
        if self.database is None or before is None or after is None:
            self.database = None
            return
        self.database += sum(now - before.get(pid, 0.0) for pid, now in after.items())

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.requests

    @property
    def database_each(self) -> float | None:
        return None if self.database is None else self.database / self.requests

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def quantile(self, percent: int) -> float:
        """Milliseconds within which so many of a hundred answers came."""
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True)
class Compared:
    page: Page
    ours: Measured
    minimal: Measured
    statements: int

    @property
    def ratio(self) -> float:
        return self.ours.cpu_each / self.minimal.cpu_each


def pages(seeded: Seeded) -> list[Page]:
    campaign = seeded.campaign.pk
    ledger = reverse("rectification:list", args=[campaign])
    department = seeded.busy.lead_department_id
    last = max(1, seeded.campaign.ledger_items.count() // 50 - 1)
    return [
        Page("ledger, first page", ledger, most_cpu=2.5, most_statements=12),
        Page(
            "ledger, filtered and sorted",
            f"{ledger}?light=normal&department={department}&sort=-due",
            most_cpu=2.5,
            most_statements=12,
        ),
        Page("ledger, deep page", f"{ledger}?page={last}", most_cpu=2.5, most_statements=12),
        Page("ledger, text search", f"{ledger}?q=%E7%BB%BF%E8%89%B2%E9%80%9A%E9%81%93"),
        Page("ledger, table alone", ledger, headers={"HX-Request": "true"}),
        Page("item", seeded.busy.get_absolute_url(), most_statements=15),
        Page("API, 50 items", f"/api/v1/campaigns/{campaign}/ledger-items/"),
    ]


def is_there(page: Page) -> bool:
    try:
        resolve(page.path.partition("?")[0])
    except Resolver404:
        return False
    return True


def session_of(person: Person) -> tuple[Client, str]:
    """A client of our own process, and the cookie that opens both sites to the person."""
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    name = settings.SESSION_COOKIE_NAME
    return client, f"{name}={client.cookies[name].value}"


def statements_of(page: Page, client: Client) -> int:
    """As Django counts them. The check of an idle connection (``SELECT 1``) is not among them."""
    client.get(page.path, headers=page.headers)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(page.path, headers=page.headers)
    if response.status_code != HTTP_OK:
        raise RuntimeError(f"{page.path} answered {response.status_code}.")
    return len(asked)


def compare(
    page: Page, product: Site, minimal: Site, client: Client, cookie: str, *, rounds: int, each: int
) -> Compared:
    """So many rounds of so many requests, to one site and the other in turn."""
    plain = Page("minimal", "/")
    ours, theirs = Measured(), Measured()
    for site, asked in ((product, page), (minimal, plain)):
        _ask(site, asked, cookie, min(WARM_UP, each))
    for _round in range(rounds):
        for site, asked, found in ((product, page, ours), (minimal, plain, theirs)):
            _measure(site, asked, cookie, each, found)
    return Compared(page, ours, theirs, statements_of(page, client))


def _measure(site: Site, page: Page, cookie: str, count: int, found: Measured) -> None:
    cpu, database, began = site.cpu, database_cpu(), time.perf_counter()
    found.times += _ask(site, page, cookie, count)
    found.seconds += time.perf_counter() - began
    found.cpu += site.cpu - cpu
    found.requests += count
    found.add_database(database, database_cpu())


def _ask(site: Site, page: Page, cookie: str, count: int) -> list[float]:
    """Milliseconds of each answer, from a few readers at once."""
    shares = [count // AT_ONCE + (at < count % AT_ONCE) for at in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        series = readers.map(lambda share: _read(site, page, cookie, share), shares)
        return [one for times in series for one in times]


def _read(site: Site, page: Page, cookie: str, count: int) -> list[float]:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    times = []
    for _request in range(count):
        began = time.perf_counter()
        line.request(
            "GET", page.path, headers={"Host": "localhost", "Cookie": cookie, **page.headers}
        )
        answer = line.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != HTTP_OK:
            raise RuntimeError(f"{page.path} answered {answer.status}.")
    line.close()
    return times
