"""The ledger as a list: what is counted is what is listed, and a part is the page's part."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from issues.models import RectificationClass, Source
from rectification.models import LedgerItem
from rectification.states import State
from tests.people import again
from tests.rectification.factories import EvidenceFactory, LedgerItemFactory, an_item

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(hospital):
    return reverse("rectification:list", args=[hospital.campaign.pk])


def signed_in(client, person):
    client.force_login(again(person))
    return client


def numbers(response):
    return [item.number for item in response.context["page"]]


def a_ledger(hospital):
    for state in State.values:
        an_item(hospital, **{state: True})
    an_item(hospital, overdue=True)
    an_item(hospital, near=True, source=Source.REPORT)
    an_item(
        hospital,
        due_on=None,
        rectification_class=RectificationClass.LONG_TERM,
        lead_department=hospital.surgery,
        responsible_leader=hospital.vp2,
    )


def test_everybody_finds_exactly_what_he_may_see(client, hospital):
    a_ledger(hospital)
    turned_away = set()
    for name, who in hospital.people().items():
        response = signed_in(client, who).get(url(hospital), {"show": ""})
        if response.status_code == 403:
            turned_away.add(name)
            continue
        visible = LedgerItem.objects.visible_to(again(who)).exclude(state=State.VOIDED)
        assert set(numbers(response)) == set(visible.values_list("number", flat=True)), name
    assert turned_away == {"administrator", "stranger"}


@pytest.mark.parametrize("who", ["office", "vp", "head", "supervisor", "staff"])
def test_every_tab_and_tile_opens_a_list_as_long_as_its_number(client, hospital, who):
    a_ledger(hospital)
    signed_in(client, hospital.people()[who])
    page = client.get(url(hospital))

    for tab in page.context["tabs"]:
        assert len(numbers(client.get(url(hospital), {"show": tab.show}))) == tab.count, tab
    for tile in page.context["tiles"]:
        asked = {"light": tile.light, "show": tile.show}
        assert len(numbers(client.get(url(hospital), asked))) == tile.count, tile


def test_the_counts_are_those_of_the_other_filters(client, hospital):
    a_ledger(hospital)
    signed_in(client, hospital.office)

    response = client.get(
        url(hospital), {"responsible_leader": hospital.vp2.pk, "light": "overdue"}
    )

    assert response.context["tabs"][0].count == 1
    assert numbers(response) == []


def test_each_filter_keeps_what_it_says(client, hospital):
    today = timezone.localdate()
    plain = an_item(hospital, text="挂號窗口太少", category=hospital.category)
    late = an_item(hospital, text="态度生硬", overdue=True, source=Source.REPORT, category=None)
    other = an_item(
        hospital,
        lead_department=hospital.surgery,
        responsible_departments=[hospital.laboratory],
        responsible_leader=hospital.vp2,
        rectification_class=RectificationClass.LONG_TERM,
        due_on=None,
        category=None,
        text="制度不全",
    )
    everyone = an_item(
        hospital,
        for_all_departments=True,
        lead_department=hospital.discipline_office,
        due_on=today + dt.timedelta(days=1),
        category=None,
        text="会风不严",
    )
    gone = an_item(hospital, voided=True)
    signed_in(client, hospital.office)

    def found(**asked):
        return set(numbers(client.get(url(hospital), asked)))

    assert found() == {plain.number, late.number, other.number, everyone.number}
    assert found(q="挂号") == {plain.number}
    assert found(q=late.code) == {late.number}
    assert found(q=str(other.number)) == {other.number}
    assert found(light="overdue") == {late.number}
    assert found(light="near") == {everyone.number}
    assert found(light="none") == {other.number}
    assert found(light="normal") == {plain.number}
    assert found(source=Source.REPORT) == {late.number}
    assert found(category=hospital.category.pk) == {plain.number}
    assert found(rectification_class=RectificationClass.LONG_TERM) == {other.number}
    assert found(lead_department=hospital.surgery.pk) == {other.number}
    assert found(department=hospital.laboratory.pk) == {other.number, everyone.number}
    assert found(responsible_leader=hospital.vp2.pk) == {other.number}
    assert found(show="voided") == {gone.number}
    assert found(state=State.VOIDED) == {gone.number}
    signed_in(client, hospital.vp2)
    assert found(mine="on") == {other.number}


def test_sorting_turns_round_and_rows_without_a_deadline_come_last(client, hospital):
    today = timezone.localdate()
    first = an_item(hospital, due_on=today + dt.timedelta(days=9))
    second = an_item(hospital, due_on=today + dt.timedelta(days=3))
    never = an_item(hospital, due_on=None, rectification_class=RectificationClass.LONG_TERM)
    signed_in(client, hospital.office)

    up = numbers(client.get(url(hospital), {"sort": "due"}))
    down = numbers(client.get(url(hospital), {"sort": "-due"}))

    assert up == [second.number, first.number, never.number]
    assert down == [first.number, second.number, never.number]


@pytest.mark.parametrize("sort", ["number", "class", "lead", "leader", "due", "state", "nonsense"])
def test_every_sorting_is_answered(client, hospital, sort):
    a_ledger(hospital)

    response = signed_in(client, hospital.office).get(url(hospital), {"sort": sort})

    assert response.status_code == 200


def test_the_part_is_the_pages_part(client, hospital):
    a_ledger(hospital)
    signed_in(client, hospital.office)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

    page = token.sub("", client.get(url(hospital)).content.decode())
    part = token.sub("", client.get(url(hospital), headers=HTMX).content.decode())

    assert part.strip().startswith('<div id="ledger-table">')
    assert part.strip() in page


def test_fifty_rows_a_page(client, hospital):
    LedgerItemFactory.create_batch(51, campaign=hospital.campaign)
    signed_in(client, hospital.office)

    assert len(numbers(client.get(url(hospital)))) == 50
    assert len(numbers(client.get(url(hospital), {"page": 2}))) == 1


def test_a_row_shows_the_original_deadline_beside_the_current_one_and_the_evidence(
    client, hospital
):
    today = timezone.localdate()
    item = an_item(hospital, original_due_on=today, due_on=today + dt.timedelta(days=5))
    EvidenceFactory.create_batch(2, item=item)
    EvidenceFactory(item=item, withdrawn_at=timezone.now(), withdrawn_by=hospital.liaison)

    response = signed_in(client, hospital.office).get(url(hospital))

    row = response.content.decode()
    assert f"originally {today.isoformat()}" in row
    assert [one.evidence_count for one in response.context["page"]] == [2]


@pytest.mark.parametrize(("headers", "statements"), [({}, 12), (HTMX, 7)])
def test_one_row_costs_what_fifty_cost(client, hospital, headers, statements):
    """Sign-in, frame, figures, filters and rows: twelve for the page, fewer for its table alone."""
    signed_in(client, hospital.office)

    def cost(count):
        while LedgerItem.objects.count() < count:
            item = an_item(hospital, responsible_departments=[hospital.surgery])
            EvidenceFactory(item=item)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(url(hospital), headers=headers)
        assert len(numbers(response)) == count
        return len(asked)

    assert [cost(1), cost(3), cost(50)] == [statements] * 3


@pytest.mark.parametrize("who", ["office", "secretary", "vp", "head", "staff", "supervisor"])
def test_a_filtered_and_sorted_page_takes_twelve_statements_at_most(client, hospital, who):
    item = an_item(hospital, assignee=hospital.staff, category=hospital.category)
    signed_in(client, getattr(hospital, who))
    asked_for = {
        "category": hospital.category.pk,
        "department": hospital.outpatient.pk,
        "lead_department": hospital.outpatient.pk,
        "responsible_leader": item.responsible_leader.pk,
        "light": "normal",
        "sort": "-lead",
    }

    with CaptureQueriesContext(connection) as asked:
        response = client.get(url(hospital), asked_for)

    assert numbers(response) == [item.number]
    assert len(asked) <= 12
