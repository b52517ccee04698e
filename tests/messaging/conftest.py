import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from core.errors import ActionRefusedError
from messaging import jobs, sources
from messaging.sources import Group, Line, Notice


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Kinds of work that the tests ask for, and nothing that an app registered."""
    monkeypatch.setattr(jobs, "_kinds", {})

    def echo(arguments, *, by, progress):
        progress(1, 2)
        progress(2, 2)
        return jobs.Result(f"{by.name}.txt", str(arguments["word"]).encode())

    def refuse(arguments, *, by, progress):
        raise ActionRefusedError("“👍” (U+1F44D) cannot be printed.")

    def breaks(arguments, *, by, progress):
        raise ZeroDivisionError

    jobs.register("echo", echo, label="An echo")
    jobs.register("refuse", refuse)
    jobs.register("breaks", breaks)


MONDAY = dt.date(2026, 11, 23)


def at(hour, minute=0, day=MONDAY):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@dataclass
class Things:
    """What there is to remind people of: titles by person; and what has just happened to them."""

    waiting: dict = field(default_factory=dict)
    happened: list = field(default_factory=list)
    of_today: list = field(default_factory=list)
    prepared: list = field(default_factory=list)

    def wait_for(self, person, *titles):
        self.waiting[person.pk] = list(titles)

    def happen(self, person, *keys):
        self.happened += [Notice(person.pk, f"returned:{key}") for key in keys]

    def people(self, day):
        return {person: {1: len(titles)} for person, titles in self.waiting.items() if titles}

    def lines(self, person, day, *, most):
        titles = self.waiting.get(person.pk, [])
        for kind in sorted({title[0] for title in titles}):
            of_kind = [title for title in titles if title[0] == kind]
            lines = [Line(title, f"/things/{title}/") for title in of_kind[:most]]
            yield Group(f"Kind {kind}", len(of_kind), lines)

    def groups(self, person, key, *, most):
        title = key.partition(":")[2]
        known = any((one.person, one.key) == (person.pk, key) for one in self.notices())
        yield Group("Returned", int(known), [Line(title, f"/things/{title}/", "today")] * known)

    def notices(self, since=None, until=None):
        return [*self.happened, *self.of_today]


@pytest.fixture
def things(monkeypatch):
    """Sources of the tests instead of those that the apps registered."""
    for name in ("_digests", "_urgent", "_deadlines"):
        monkeypatch.setattr(sources, name, {})
    things = Things()
    sources.digest(
        "things", people=things.people, lines=things.lines, prepare=things.prepared.append
    )
    sources.urgent(
        "returned",
        label="returned",
        notices=lambda since, until: things.happened,
        groups=things.groups,
    )
    sources.urgent(
        "last_day",
        label="last day",
        notices=lambda since, until: things.of_today,
        groups=things.groups,
        is_daily=True,
    )
    return things
