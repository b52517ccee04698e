import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone

from organisation.models import CalendarYear


def test_the_process_says_that_it_is_up_without_asking_the_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_names_each_thing_that_was_looked_at(client):
    today = timezone.localdate()
    for year in {today.year, (today + dt.timedelta(days=60)).year}:
        CalendarYear.objects.get_or_create(year=year, version=1)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "checks": dict.fromkeys(("database", "migrations", "broker", "calendar"), "ok"),
        },
    )


@pytest.mark.django_db
def test_a_calendar_that_ends_too_soon_is_said_and_takes_nothing_down(client):
    CalendarYear.objects.all().delete()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["checks"]["calendar"]) == (200, "provisional")


@pytest.mark.django_db
def test_a_migration_that_was_not_run_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")


@pytest.mark.django_db
def test_a_broker_that_is_away_is_not_ready_and_tells_strangers_nothing(client, monkeypatch):
    monkeypatch.setattr("config.health.app.conf.broker_url", "redis://127.0.0.1:1/0")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "failed")
    assert "127.0.0.1" not in json.dumps(answer.json())
