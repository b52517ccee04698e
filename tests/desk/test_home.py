"""Each role's home: what waits, the figures, and that each figure opens exactly its rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.states import State as CampaignState
from desk import queries
from organisation.models import CalendarYear, Person
from rectification.models import LedgerItem
from tests.campaign.factories import CampaignFactory, MilestoneFactory, PhaseFactory
from tests.issues.factories import IssueFactory
from tests.people import again
from tests.rectification.factories import AttemptFactory, LedgerItemFactory

HOME = reverse("desk:home")


def item(hospital, **facts):
    facts = {
        "campaign": hospital.campaign,
        "lead_department": hospital.outpatient,
        "responsible_leader": hospital.vp,
        **facts,
    }
    return LedgerItemFactory(**facts)


def issue(hospital, **facts):
    return IssueFactory(campaign=hospital.campaign, **facts)


def some_of_everything(hospital):
    """Two or more rows for every verb and every light, in two departments."""
    for facts in (
        {"drafting": True},
        {"awaiting_plan_approval": True},
        {"awaiting_claim": True},
        {"objected": True},
        {"rectifying": True, "overdue": True},
        {"rectifying": True, "near": True},
        {"applied": True, "near": True},
        {"checked": True},
        {"verified": True},
        {"on_notice": True},
        {"closed": True},
        {"continuing": True},
        {"voided": True},
    ):
        item(hospital, **facts)
        item(hospital, lead_department=hospital.surgery, responsible_leader=hospital.vp2, **facts)
    returned = item(hospital, rectifying=True)
    AttemptFactory(item=returned, returned=True)
    for facts in ({}, {"returned": True, "reported_by": hospital.head}, {"handed_over": True}):
        issue(hospital, **facts)
        issue(hospital, **facts)


def queue(person, hospital):
    groups = queries.work_queue(again(person), hospital.campaign, timezone.localdate())
    return {group.key: group.total for group in groups}


@pytest.mark.parametrize(
    ("who", "waits"),
    [
        ("vp", {"approve": 1, "approve_plan": 1}),
        (
            "office",
            {"review": 2, "verify": 2, "decide_objection": 2, "draft_plan": 2},
        ),
        ("discipline", {"verify": 2, "handed_over": 2}),
        ("head", {"check": 1, "claim": 1, "rectify": 2, "answer_return": 1, "resubmit": 2}),
        ("liaison", {"claim": 1, "rectify": 2, "answer_return": 1}),
        ("head3", {}),
        ("staff", {}),
        ("secretary", {}),
        ("supervisor", {}),
    ],
)
def test_what_waits_for_whom(hospital, who, waits):
    some_of_everything(hospital)

    assert queue(getattr(hospital, who), hospital) == waits


def test_seven_rows_are_shown_and_the_rest_is_a_link(client, hospital):
    for _ in range(9):
        issue(hospital)
    client.force_login(hospital.office)

    page = client.get(HOME)

    [group] = page.context["groups"]
    assert (len(group.tasks), group.total, group.rest) == (7, 9, 2)
    assert "2 more" in page.content.decode()


def test_a_return_says_why_on_the_home_page(client, hospital):
    AttemptFactory(item=item(hospital, rectifying=True), returned=True, return_note="缺整改后照片")
    client.force_login(hospital.head)

    page = client.get(HOME).content.decode()

    assert "缺整改后照片" in page
    assert "The evidence shows activity, not effect" in page


@pytest.mark.parametrize(
    "who", ["secretary", "vp", "office", "discipline", "head", "liaison", "head2"]
)
def test_every_figure_opens_exactly_the_rows_that_it_counts(client, hospital, who):
    some_of_everything(hospital)
    client.force_login(getattr(hospital, who))
    context = client.get(HOME).context
    figures = [(tile.url, tile.count) for tile in context["tiles"]]
    figures += [(group.url, group.total) for group in context["groups"]]
    figures += [(lamp.url, lamp.count) for row in context["departments"] for lamp in row.lamps]

    wrong = {
        url: (count, found)
        for url, count in figures
        if (found := client.get(url).context["page"].paginator.count) != count
    }

    assert figures
    assert wrong == {}


def test_the_bureaus_figures_open_the_ledgers_below(client, hospital):
    some_of_everything(hospital)
    client.force_login(hospital.supervisor)

    [row] = client.get(HOME).context["supervised"]

    assert (row.campaign, row.found) == (hospital.campaign, hospital.campaign.issue_counter)
    for url, count in (
        (row.url, row.total),
        (row.url_done, row.done),
        (row.url_overdue, row.overdue),
    ):
        assert client.get(url).context["page"].paginator.count == count
    assert row.overdue == 2
    assert row.rate.endswith("%")


def test_last_weeks_value_stands_beside_this_weeks(hospital):
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    last_week = monday - dt.timedelta(days=3)
    old = item(hospital, due_on=last_week - dt.timedelta(days=1))
    noon = timezone.make_aware(dt.datetime.combine(last_week, dt.time(12)))
    LedgerItem.objects.filter(pk=old.pk).update(registered_at=noon)
    item(hospital, closed=True, closed_on=last_week)
    item(hospital)

    tiles = queries.tiles(hospital.secretary, hospital.campaign, today)

    assert [(tile.count, tile.was) for tile in tiles] == [(1, 1), (0, None), (2, 1), (0, 1)]


def test_a_leader_sees_the_departments_in_his_charge_with_their_lights(hospital):
    item(hospital, overdue=True)
    item(hospital, closed=True)
    item(hospital, lead_department=hospital.surgery, overdue=True)

    rows = queries.departments_in_charge(hospital.vp, hospital.campaign, timezone.localdate())

    assert [(row.unit.name, {lamp.kind: lamp.count for lamp in row.lamps}) for row in rows] == [
        ("门诊部", {"overdue": 1, "near": 0, "normal": 0, "none": 0, "closed": 1}),
        ("检验科", {"overdue": 0, "near": 0, "normal": 0, "none": 0, "closed": 0}),
    ]


def test_the_office_is_told_of_milestones_that_are_late_or_near(hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    today = timezone.localdate()
    for days in (-3, 6, 8):
        MilestoneFactory(phase=phase, due_on=today + dt.timedelta(days=days))

    assert queue(hospital.office, hospital) == {"milestones": 2}
    assert queue(hospital.head, hospital) == {}


def test_notices_are_for_everybody_in_the_institution(client, hospital):
    notice = item(hospital, on_notice=True)

    for who, sees in (("staff", True), ("secretary", True), ("supervisor", False)):
        client.force_login(getattr(hospital, who))
        assert (notice.code in client.get(HOME).content.decode()) is sees


def test_a_notice_on_the_home_page_names_nobody(client, hospital):
    item(hospital, on_notice=True, text=f"{hospital.head.name}态度生硬")
    client.force_login(hospital.staff)

    page = client.get(HOME).content.decode()

    assert "门某某某态度生硬" in page
    assert hospital.head.name not in page


def test_the_administrator_reads_the_state_of_the_system(client, hospital):
    client.force_login(hospital.administrator)
    CalendarYear.objects.all().delete()

    page = client.get(HOME)

    kinds = {str(check.label): check.kind for check in page.context["checks"]}
    assert kinds["Working calendar"] == "near"
    assert kinds["People without a post"] == "normal"
    assert "groups" not in page.context


def test_somebody_without_any_campaign_is_told_what_will_come(client, hospital):
    client.force_login(hospital.stranger)

    assert "No campaign is running in your institution" in client.get(HOME).content.decode()


def test_the_address_says_whose_campaign_the_home_is_for(client, hospital):
    other = CampaignFactory(host=hospital.unit)
    client.force_login(hospital.office)

    page = client.get(reverse("desk:campaign_home", args=[other.pk]))

    assert page.context["campaign"] == other
    links = {one.pk: one.url for one in page.context["campaigns"]}
    assert links[hospital.campaign.pk] == reverse("desk:campaign_home", args=[hospital.campaign.pk])
    client.force_login(hospital.stranger)
    assert client.get(reverse("desk:campaign_home", args=[other.pk])).status_code == 404


def test_a_finished_campaign_asks_for_no_reports(client, hospital):
    finished = CampaignFactory(host=hospital.unit, state=CampaignState.FINISHED)
    client.force_login(hospital.staff)

    assert client.get(reverse("desk:campaign_home", args=[hospital.campaign.pk])).context[
        "may_report"
    ]
    assert not client.get(reverse("desk:campaign_home", args=[finished.pk])).context["may_report"]


@pytest.mark.parametrize("who", ["secretary", "vp", "office", "head", "supervisor"])
def test_home_costs_the_same_for_one_row_or_three(client, hospital, who):
    some_of_everything(hospital)
    client.force_login(getattr(hospital, who))

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    first = cost()
    some_of_everything(hospital)

    assert cost() == first


@pytest.mark.parametrize(
    ("who", "icons"),
    [
        (
            "office",
            {
                "home",
                "flag",
                "list-details",
                "table",
                "alert-triangle",
                "sitemap",
                "users",
                "calendar",
            }
            | {"users-group"},
        ),
        (
            "head",
            {"home", "flag", "list-details", "table", "speakerphone", "sitemap"}
            | {"alert-triangle", "users-group"},
        ),
        (
            "staff",
            {"home", "flag", "list-details", "alert-triangle", "speakerphone", "users-group"},
        ),
        ("supervisor", {"home", "flag", "table", "alert-triangle", "sitemap"}),
        ("administrator", {"home", "sitemap", "users", "calendar", "link", "send"}),
    ],
)
def test_the_menu_shows_what_one_has_a_use_for(client, hospital, who, icons):
    client.force_login(getattr(hospital, who))

    nav = client.get(HOME).context["nav"]

    assert {entry.icon for entry in nav} == icons
    assert len(nav) <= 9
    assert [entry.icon for entry in nav if entry.is_current] == ["home"]


def test_everybody_has_a_home(client, hospital):
    some_of_everything(hospital)

    for person in Person.objects.all():
        client.force_login(person)
        assert client.get(HOME).status_code == 200
