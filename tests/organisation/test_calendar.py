"""The calendar as our own versioned data: seeded, corrected, shown, never altered."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from audit import trail
from core.errors import ActionRefusedError
from organisation import actions, clock, queries
from organisation.models import CalendarYear, DayKind
from tests.organisation.counting import queries_for
from tests.organisation.factories import PersonFactory

SATURDAY = dt.date(2026, 10, 10)


@pytest.fixture
def administrator(db):
    return PersonFactory(is_administrator=True)


@pytest.fixture
def seeded(db):
    call_command("seed_calendar", verbosity=0)


def test_the_library_seeds_the_years_it_really_knows_and_no_others(seeded):
    assert set(CalendarYear.objects.values_list("year", "version")) == {
        (year, 1) for year in range(2020, 2027)
    }


def test_seeding_again_keeps_what_was_corrected(seeded, administrator):
    actions.correct_day(SATURDAY, by=administrator, kind=DayKind.REST, reason="通知")

    call_command("seed_calendar", verbosity=0)

    assert set(CalendarYear.objects.filter(year=2026).values_list("version", flat=True)) == {1, 2}
    assert not queries.working_calendar().is_working(SATURDAY)


@pytest.mark.parametrize(
    ("accepted", "basis", "seven"),
    [
        ("2026-09-18", "rolling", "2026-09-28"),
        ("2026-09-23", "working", "2026-10-10"),
        ("2026-01-31", "rolling", "2026-02-09"),
        ("2026-02-13", "working", "2026-03-02"),
    ],
)
def test_the_seeded_calendar_gives_the_days_of_the_regulations(seeded, accepted, basis, seven):
    start = dt.date.fromisoformat(accepted)

    deadline = clock.due_after(start, 7, basis=basis, calendar=queries.working_calendar())

    assert deadline.due_on.isoformat() == seven


def test_a_deadline_in_2027_is_provisional_and_no_error(seeded):
    deadline = clock.due_a_month_after(
        dt.date(2026, 12, 10), basis="rolling", calendar=queries.working_calendar()
    )

    assert (deadline.due_on, deadline.is_provisional) == (dt.date(2027, 1, 11), True)


def test_the_calendar_costs_one_query_once_it_is_known(seeded, django_assert_num_queries):
    queries.working_calendar()

    with django_assert_num_queries(1):
        calendar = queries.working_calendar()

    assert calendar.versions[2026] == 1


def test_a_correction_is_a_new_version_beside_the_old_one(seeded, administrator):
    made = actions.correct_day(
        SATURDAY, by=administrator, kind=DayKind.REST, name="", reason="国办发明电〔2026〕1号"
    )

    first = CalendarYear.objects.get(year=2026, version=1)
    assert made.version == 2
    assert first.days.get(date=SATURDAY).kind == DayKind.MAKE_UP
    assert made.days.get(date=SATURDAY).kind == DayKind.REST
    assert made.days.count() == first.days.count() == 365
    [event] = trail.of(made)
    assert (event.action, event.actor_id, event.reason) == (
        "organisation.publish_calendar",
        administrator.pk,
        "国办发明电〔2026〕1号",
    )


@pytest.mark.parametrize(
    ("day", "kind", "reason"),
    [
        (SATURDAY, DayKind.MAKE_UP, "已经如此"),
        (SATURDAY, DayKind.WORKING, "周六没有这种日子"),
        (dt.date(2026, 10, 12), DayKind.MAKE_UP, "周一也没有"),
        (dt.date(2027, 10, 12), DayKind.REST, "还没有公布"),
        (SATURDAY, DayKind.REST, "  "),
    ],
)
def test_a_correction_that_says_nothing_new_or_nothing_possible_is_refused(
    seeded, administrator, day, kind, reason
):
    with pytest.raises(ActionRefusedError):
        actions.correct_day(day, by=administrator, kind=kind, name="", reason=reason)

    assert CalendarYear.objects.count() == 7


def test_only_the_administrator_may_correct_a_day(seeded, hospital):
    with pytest.raises(PermissionDenied):
        actions.correct_day(SATURDAY, by=hospital.office, kind=DayKind.REST, reason="通知")


def test_the_page_of_a_year_shows_shape_and_word_and_where_it_comes_from(seeded, client, hospital):
    client.force_login(hospital.staff)

    page = client.get(reverse("organisation:calendar", args=[2026])).content.decode()

    assert page.count("<caption>") == 12
    assert "holidays " in page
    assert page.count('class="day-word">work<') == 6
    assert "Provisional" not in page


def test_the_page_of_a_year_without_holidays_says_that_it_is_provisional(client, hospital):
    client.force_login(hospital.staff)

    page = client.get(reverse("organisation:calendar", args=[2027])).content.decode()

    assert "Provisional" in page
    assert client.get(reverse("organisation:calendar", args=[1900])).status_code == 404


def test_the_administrator_corrects_a_day_on_its_page(seeded, client, administrator):
    client.force_login(administrator)
    url = reverse("organisation:correct_day", args=[2026])

    wrong_year = client.post(url, {"day": "2025-10-10", "kind": "rest", "reason": "通知"})
    done = client.post(url, {"day": "2026-10-10", "kind": "rest", "reason": "通知"})

    assert (wrong_year.status_code, done.status_code) == (422, 302)
    assert CalendarYear.objects.filter(year=2026).count() == 2


def test_the_page_of_a_year_costs_the_same_for_one_version_or_three(seeded, client, administrator):
    client.force_login(administrator)
    url = reverse("organisation:calendar", args=[2026])

    one = queries_for(client, url)
    for day in (12, 13):
        actions.correct_day(
            dt.date(2026, 10, day), by=administrator, kind=DayKind.REST, reason="通知"
        )

    assert queries_for(client, url) == one
