"""The list: what each sees of it, that its part equals the page, what it costs, and its workbook."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.workbooks import reading, staging
from issues import workbooks
from issues.columns import ISSUE_COLUMNS
from issues.models import Issue
from issues.states import State
from messaging.models import Job
from tests.campaign.factories import CategoryFactory
from tests.htmx import assert_same_part
from tests.issues.factories import IssueFactory

pytestmark = pytest.mark.django_db


def address(hospital, query="", name="list"):
    return reverse(f"issues:{name}", args=[hospital.campaign.pk]) + query


def shown(response):
    return [issue.pk for issue, _ in response.context["rows"]]


@pytest.fixture
def office(client, hospital):
    client.force_login(hospital.office)
    return client


def a_list(hospital, rows, **facts):
    return IssueFactory.create_batch(
        rows,
        campaign=hospital.campaign,
        category=hospital.category,
        responsible_departments=[hospital.outpatient, hospital.surgery],
        **facts,
    )


def test_the_swapped_table_is_the_table_of_the_whole_page(office, hospital):
    a_list(hospital, 2)

    assert_same_part(office, address(hospital, "?q=窗口&sort=-number"), "issue-table")


@pytest.mark.parametrize("query", ["", "?q=窗口&sort=-due", "?state=confirmed"])
def test_one_row_costs_what_three_cost(office, hospital, query):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            office.get(address(hospital, query))
        return len(queries)

    a_list(hospital, 1, confirmed=True)
    cost()
    of_one = cost()
    a_list(hospital, 2, confirmed=True)

    assert cost() == of_one
    assert of_one <= 30


def test_every_count_opens_as_many_problems(office, hospital):
    for trait in ("confirmed", "returned", "rejected", "merged"):
        IssueFactory(campaign=hospital.campaign, **{trait: True})
    a_list(hospital, 2)
    IssueFactory(campaign=hospital.campaign, handed_over=True)

    tabs = office.get(address(hospital)).context["tabs"]

    counts = {tab.state: tab.count for tab in tabs}
    opened = {
        tab.state: office.get(address(hospital, f"?state={tab.state}"))
        .context["page"]
        .paginator.count
        for tab in tabs
    }
    assert counts == opened
    assert counts[""] == 7
    assert State.HANDED_OVER not in counts


def test_counts_follow_the_other_filters(office, hospital):
    a_list(hospital, 2, text="排队")
    a_list(hospital, 1, confirmed=True, text="收费")

    tabs = office.get(address(hospital, "?q=排隊&state=confirmed")).context["tabs"]

    assert {tab.state: tab.count for tab in tabs} == {"": 2, "reported": 2}


def test_filters_narrow_the_list(office, hospital):
    kind = CategoryFactory(campaign=hospital.campaign, parent=hospital.category)
    of = {"campaign": hospital.campaign}
    wanted = IssueFactory(
        **of,
        category=kind,
        source="report",
        rectification_class="phased",
        reported_unit=hospital.surgery,
        lead_department=hospital.laboratory,
        reported_by=hospital.office,
    )
    IssueFactory(**of)

    for query in (
        f"category={hospital.category.pk}",
        f"category={kind.pk}",
        "source=report",
        "rectification_class=phased",
        f"reported_unit={hospital.surgery.pk}",
        f"department={hospital.laboratory.pk}",
        "mine=on",
    ):
        assert shown(office.get(address(hospital, f"?{query}"))) == [wanted.pk], query


def test_a_department_finds_what_it_leads_shares_or_has_with_everybody(office, hospital):
    of = {"campaign": hospital.campaign}
    led = IssueFactory(**of, lead_department=hospital.surgery)
    shared = IssueFactory(**of, responsible_departments=[hospital.surgery])
    everybodys = IssueFactory(**of, for_all_departments=True)
    IssueFactory(**of, lead_department=hospital.laboratory)

    found = shown(office.get(address(hospital, f"?department={hospital.surgery.pk}")))

    assert found == [led.pk, shared.pk, everybodys.pk]


@pytest.mark.parametrize("sort", ["number", "category", "source", "due", "lead", "state", "found"])
def test_the_list_turns_round(office, hospital, sort):
    first = IssueFactory(campaign=hospital.campaign, number=1)
    second = IssueFactory(
        campaign=hospital.campaign,
        number=2,
        confirmed=True,
        category=hospital.category,
        source="report",
        found_on=hospital.campaign.ends_on.replace(year=2020),
    )

    up = shown(office.get(address(hospital, f"?sort={sort}")))
    down = shown(office.get(address(hospital, f"?sort=-{sort}")))

    assert set(up) == set(down) == {first.pk, second.pk}


def test_an_unknown_order_or_filter_shows_the_list_by_number(office, hospital):
    issues = a_list(hospital, 2)

    assert shown(office.get(address(hospital, "?sort=password&source=rumour&page=99"))) == [
        issue.pk for issue in issues
    ]


def test_fifty_stand_on_a_page(office, hospital):
    a_list(hospital, 51)

    assert len(shown(office.get(address(hospital)))) == 50
    assert len(shown(office.get(address(hospital, "?page=2")))) == 1


def test_only_the_office_can_tick(client, hospital):
    a_list(hospital, 1, reported_by=hospital.head)

    client.force_login(hospital.head)
    assert b"data-batch" not in client.get(address(hospital)).content
    client.force_login(hospital.office)
    assert b"data-batch" in client.get(address(hospital)).content


def test_an_empty_list_says_what_fills_it_and_a_filtered_one_how_to_clear(client, hospital):
    client.force_login(hospital.office)
    assert "No problems yet" in client.get(address(hospital)).content.decode()
    assert "Clear the filters" in client.get(address(hospital, "?q=无")).content.decode()
    client.force_login(hospital.staff)
    assert "Nothing here for you yet" in client.get(address(hospital)).content.decode()


def test_a_department_does_not_learn_from_the_list_who_reported(client, hospital):
    a_list(
        hospital,
        1,
        confirmed=True,
        lead_department=hospital.outpatient,
        reported_by=hospital.staff2,
        reported_unit=hospital.surgery,
    )
    client.force_login(hospital.head)

    page = client.get(address(hospital))
    asked = client.get(address(hospital, f"?reported_unit={hospital.surgery.pk}"))
    sheet = load_workbook(io.BytesIO(client.get(address(hospital, name="export")).content)).active

    said = str([[cell.value for cell in row] for row in sheet.rows])
    assert hospital.staff2.name not in page.content.decode() + said
    assert len(shown(page)) == 1
    assert set(asked.context["filter"].form.fields["reported_unit"].queryset) == {
        hospital.outpatient
    }
    assert shown(asked) == shown(page)


def test_staff_cannot_ask_for_the_reporting_unit_at_all(client, hospital):
    client.force_login(hospital.staff)

    assert "reported_unit" not in client.get(address(hospital)).context["filter"].form.fields


@pytest.mark.parametrize("who", ["supervisor", "administrator", "stranger"])
def test_who_is_not_of_the_unit_is_turned_away(client, hospital, who):
    client.force_login(getattr(hospital, who))

    for name in ("list", "export", "register"):
        assert client.get(address(hospital, name=name)).status_code in {403, 404}


def test_the_workbook_has_the_rows_of_the_list_and_says_which(office, hospital):
    wanted = IssueFactory(
        campaign=hospital.campaign,
        confirmed=True,
        text="=门诊排队",
        category=CategoryFactory(campaign=hospital.campaign, parent=hospital.category, name="排队"),
        for_all_departments=True,
    )
    IssueFactory(campaign=hospital.campaign, text="收费")

    response = office.get(address(hospital, "?q=门诊排队", name="export"))

    book = reading.read(io.BytesIO(response.content), "list.xlsx", ISSUE_COLUMNS)
    [row] = staging.rows(book, staging.Checker(ISSUE_COLUMNS))
    texts = row.checked.texts
    sheet = load_workbook(io.BytesIO(response.content)).active
    said = " ".join(str(cell.value) for line in sheet.iter_rows(max_row=4) for cell in line)
    assert (texts["number"], texts["text"], texts["category"], texts["subcategory"]) == (
        wanted.code,
        "=门诊排队",
        hospital.category.name,
        "排队",
    )
    assert (texts["departments"], row.checked.values["deadline"].due_on) == (
        "全院各科室",
        wanted.due_on,
    )
    assert "Number or text: 门诊排队" in said


def test_the_workbook_costs_the_same_for_one_row_and_for_many(office, hospital):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            office.get(address(hospital, name="export"))
        return len(queries)

    a_list(hospital, 1)
    cost()
    of_one = cost()
    a_list(hospital, 20)

    assert cost() == of_one


def batch(client, hospital, step, issues, **given):
    data = {"step": step, "pk": [issue.pk for issue in issues], **given}
    return client.post(address(hospital, name="batch"), data)


def test_many_are_rejected_with_one_reason_and_each_says_so(office, hospital):
    waiting = a_list(hospital, 2)
    done = IssueFactory(campaign=hospital.campaign, confirmed=True)

    response = batch(office, hospital, "reject", [*waiting, done], reason="不属实")

    outcomes = response.context["outcomes"]
    assert [one.is_done for one in outcomes] == [True, True, False]
    assert "2 done, 1 not" in response.content.decode()
    assert "the state is now “confirmed”" in response.content.decode()
    assert set(Issue.objects.filter(state=State.REJECTED)) == set(waiting)


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        ("reject", {}, "Give a reason."),
        ("merge", {}, "Say into which problem they are merged."),
        ("merge", {"into": "P999"}, "There is no problem with this number."),
        ("close", {}, "Select a valid choice"),
    ],
)
def test_what_is_missing_for_many_is_said_before_anything_is_done(
    office, hospital, step, given, sentence
):
    issues = a_list(hospital, 2)

    response = batch(office, hospital, step, issues, **given)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Issue.objects.filter(state=State.REPORTED).count() == 2


def test_nothing_ticked_is_said(office, hospital):
    assert "Tick at least one" in batch(office, hospital, "confirm", []).content.decode()


def test_what_is_missing_for_many_is_asked_with_the_ticks_kept(office, hospital):
    waiting = IssueFactory.create_batch(2, campaign=hospital.campaign)

    page = batch(office, hospital, "reject", waiting, reason="").content.decode()

    kept = re.findall(r'<input type="hidden" name="pk" value="(\d+)">', page)
    assert [int(pk) for pk in kept] == [issue.pk for issue in waiting]
    assert 'name="reason"' in page


def test_many_are_merged_by_the_number_of_the_other(office, hospital):
    kept, *doubled = a_list(hospital, 3)

    batch(office, hospital, "merge", doubled, into=kept.code)

    assert set(Issue.objects.filter(merged_into=kept)) == set(doubled)


def test_a_department_does_nothing_with_many(client, hospital):
    issues = a_list(hospital, 2, reported_by=hospital.head)
    client.force_login(hospital.head)

    assert batch(client, hospital, "confirm", issues).status_code == 403


def test_a_long_list_is_left_to_a_worker_and_kept_for_the_asker(office, hospital, monkeypatch):
    monkeypatch.setattr("issues.views.lists.ROWS_AT_ONCE", 1)
    wanted = a_list(hospital, 2, text="排队")
    a_list(hospital, 1, text="收费")
    assert (
        'method="post" action="' + address(hospital, "?q=", "export")
        in office.get(address(hospital, "?q=排队")).content.decode()
    )

    office.post(address(hospital, "?q=排队", "export"))

    job = Job.objects.get()
    result = workbooks.make_list(job.arguments, by=hospital.office, progress=lambda *_: None)
    book = reading.read(io.BytesIO(result.content), result.name, ISSUE_COLUMNS)
    numbers = [
        row.checked.texts["number"] for row in staging.rows(book, staging.Checker(ISSUE_COLUMNS))
    ]
    assert job.owner == hospital.office
    assert numbers == [issue.code for issue in wanted]
