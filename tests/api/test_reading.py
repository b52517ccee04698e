"""What programs read: the same rows as the page, page by page, at a price that does not grow."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.api.shapes import Named
from issues.workbooks import WRITTEN_OUT
from organisation.models import Unit
from rectification.api.shapes import LedgerItemOut
from rectification.columns import LEDGER_COLUMNS
from rectification.states import State
from tests.api.asking import actor, every_page, reader
from tests.issues.factories import IssueFactory
from tests.people import again
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item
from tests.world import world  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db


def ledger(hospital, *number, name="list"):
    return reverse(f"api:ledger-item-{name}", args=[hospital.campaign.pk, *number])


def problems(hospital, *number, name="list"):
    return reverse(f"api:issue-{name}", args=[hospital.campaign.pk, *number])


@pytest.mark.parametrize("what", ["ledger", "problems"])
def test_everybody_is_told_exactly_the_rows_of_his_page(client, world, what):  # noqa: F811
    hospital = world.hospital
    path, page = {
        "ledger": (ledger(hospital), "rectification:list"),
        "problems": (problems(hospital), "issues:list"),
    }[what]

    for name, person in hospital.people().items():
        client.force_login(again(person))
        shown = client.get(reverse(page, args=[hospital.campaign.pk]))
        answer = reader(person).get(path)

        assert answer.status_code == shown.status_code, name
        if answer.status_code == 200:
            told = [row["number"] for row in every_page(reader(person), path)]
            assert told == [row.number for row in shown.context["page"]], name


@pytest.mark.parametrize(
    "asked",
    [
        {"show": "open"},
        {"light": "overdue"},
        {"state": "voided"},
        {"q": "手术"},
        {"mine": "true"},
        {"waiting": "verify"},
        {"due_from": "2020-01-01", "source": "internal"},
    ],
)
def test_the_filters_are_those_of_the_page(client, world, asked):  # noqa: F811
    hospital = world.hospital
    client.force_login(again(hospital.office))

    page = client.get(reverse("rectification:list", args=[hospital.campaign.pk]), asked)
    told = every_page(reader(hospital.office), ledger(hospital), **asked)

    assert [row["number"] for row in told] == [item.number for item in page.context["page"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"state": "nonsense"}, "state"),
        ({"stat": "closed"}, "stat"),
        ({"mine": "perhaps"}, "mine"),
        ({"due_from": "soon"}, "due_from"),
        ({"lead_department": "0"}, "lead_department"),
        ({"page_size": "201"}, "page_size"),
        ({"page_size": "-1"}, "page_size"),
        ({"cursor": "bm9uc2Vuc2U"}, "cursor"),
        ({"cursor": "cD1hYmM="}, "cursor"),  # p=abc: a place that is no number
    ],
)
def test_a_filter_that_is_not_understood_is_named(hospital, asked, field):
    answer = reader(hospital.office).get(ledger(hospital), asked)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["fields"]) == {field}


def test_what_one_may_not_see_is_not_there(world):  # noqa: F811
    hospital, item = world.hospital, world.items["of_surgery"]
    foreign = reverse("api:ledger-item-list", args=[world.foreign.pk])

    assert reader(hospital.head).get(ledger(hospital, item.number, name="detail")).json() == {
        "code": "not_found",
        "detail": "Not found.",
    }
    assert reader(hospital.office).get(foreign).status_code == 404
    assert (
        reader(hospital.office)
        .get(reverse("api:campaign-detail", args=[world.foreign.pk]))
        .status_code
        == 404
    )


def test_a_row_has_every_column_of_the_ledger(hospital):
    item = an_item(hospital, overdue=True, responsible_departments=[hospital.surgery])
    ProgressUpdateFactory(item=item, text="已增开窗口", by=hospital.liaison)
    EvidenceFactory(item=item)

    [row] = reader(hospital.office).get(ledger(hospital)).json()["results"]

    assert {column.name for column in LEDGER_COLUMNS} <= set(row)
    assert set(row) == set(LedgerItemOut().fields)
    assert row["code"] == item.code
    assert row["lead_department"] == {"id": hospital.outpatient.pk, "name": "门诊部"}
    assert row["departments"] == [{"id": hospital.surgery.pk, "name": "普外科"}]
    assert (row["light"], row["days"], row["light_in_words"]) == ("overdue", -2, "2 days overdue")
    assert (row["progress"], row["evidence_count"]) == ("已增开窗口", 1)
    assert (row["state"], row["state_in_words"]) == ("rectifying", "under rectification")
    assert row["page"] == f"http://testserver{item.get_absolute_url()}"
    assert reader(hospital.office).get(row["url"]).json()["steps"] == ["void"]


def test_a_problem_has_every_column_of_the_list(hospital):
    IssueFactory(campaign=hospital.campaign, reported_by=hospital.staff)

    [row] = reader(hospital.office).get(problems(hospital)).json()["results"]

    assert {column.name for column in WRITTEN_OUT} <= set(row)
    assert row["reported_by"] == {"id": hospital.staff.pk, "name": "门诊护士"}


def test_a_department_is_not_told_who_reported(hospital):
    IssueFactory(
        campaign=hospital.campaign,
        confirmed=True,
        reported_by=hospital.staff2,
        lead_department=hospital.outpatient,
    )

    [row] = reader(hospital.head).get(problems(hospital)).json()["results"]

    assert (row["reported_by"], row["reported_unit"]) == (None, None)


def test_an_item_is_told_with_its_logs(hospital):
    item = an_item(hospital, verified=True)
    EvidenceFactory(item=item, caption="候诊区")

    told = reader(hospital.vp).get(ledger(hospital, item.number, name="detail")).json()

    assert [one["outcome"] for one in told["attempts_so_far"]] == ["pending"]
    assert [one["caption"] for one in told["evidence"]] == ["候诊区"]
    assert set(told["steps"]) == {"approve", "return_at_approval"}
    assert told["turn"] == "Now with 副院长甲: approve the sign-off."


def test_a_bureau_is_told_of_no_files(hospital):
    item = an_item(hospital, verified=True)
    EvidenceFactory(item=item)

    told = reader(hospital.supervisor).get(ledger(hospital, item.number, name="detail")).json()

    assert told["evidence"] == []


def test_pages_neither_double_nor_skip_what_is_added_meanwhile(hospital):
    for _ in range(7):
        an_item(hospital)
    first = reader(hospital.office).get(ledger(hospital), {"page_size": 3}).json()
    late = an_item(hospital)
    an_item(hospital, voided=True)

    rest = every_page(reader(hospital.office), first["next"])

    told = [row["number"] for row in first["results"] + rest]
    assert told == [1, 2, 3, 4, 5, 6, 7, late.number]


def test_the_page_before_is_found_again(hospital):
    for _ in range(5):
        an_item(hospital)
    program = reader(hospital.office)
    first = program.get(ledger(hospital), {"page_size": 2}).json()
    second = program.get(first["next"]).json()

    assert program.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("what", ["ledger", "problems"])
def test_a_page_of_fifty_costs_what_three_cost(hospital, what):
    path = {"ledger": ledger, "problems": problems}[what](hospital)

    def more(count):
        for _ in range(count):
            item = an_item(hospital, responsible_departments=[hospital.surgery])
            ProgressUpdateFactory(item=item)

    def cost(rows):
        program = reader(hospital.office)
        with CaptureQueriesContext(connection) as queries:
            answer = program.get(path)
        assert len(answer.json()["results"]) == rows
        return len(queries)

    more(3)
    of_three = cost(3)
    more(47)

    assert cost(50) == of_three
    assert of_three <= 14


def test_campaigns_and_units_are_those_of_the_pages(client, hospital):
    for name in ("office", "head", "supervisor", "stranger"):
        person = hospital.people()[name]
        client.force_login(again(person))
        page = client.get(reverse("campaign:list"))

        told = every_page(reader(person), reverse("api:campaign-list"))
        units = every_page(reader(person), reverse("api:unit-list"))

        assert {row["id"] for row in told} == {one.pk for one in page.context["page"]}
        assert {row["id"] for row in units} == {
            unit.pk for unit in Unit.objects.visible_to(again(person))
        }


def test_a_campaign_says_where_its_lists_are(hospital):
    program = reader(hospital.office)

    [row] = program.get(reverse("api:campaign-list")).json()["results"]

    assert row["host"] == {"id": hospital.unit.pk, "name": "市第一人民医院"}
    assert set(row["host"]) == set(Named().fields)
    assert program.get(row["ledger_items"]).json()["results"] == []
    assert program.get(row["issues"]).json()["results"] == []


def test_a_read_writes_nothing_but_when_the_token_was_used_once_an_hour(hospital):
    program = actor(hospital.office)
    type(program.token).objects.update(last_used_at=None)

    written = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            program.get(ledger(hospital))
        written.append([q["sql"].split()[1] for q in queries if q["sql"].startswith("UPDATE")])

    assert written == [['"organisation_apitoken"'], [], []]
    program.token.refresh_from_db()
    assert program.token.last_used_at <= timezone.now()


def test_there_is_no_patch_and_no_put(hospital):
    item = an_item(hospital)
    program = actor(hospital.office)

    for method in ("put", "patch", "delete"):
        answer = getattr(Client(), method)(
            ledger(hospital, item.number, name="detail"), headers=program.headers
        )
        assert answer.status_code == 405
        assert answer.json()["code"] == "method_not_allowed"
    item.refresh_from_db()
    assert item.state == State.RECTIFYING
