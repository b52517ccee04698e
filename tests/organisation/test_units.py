"""Units: who may see and change them, their order, and what closing one asks for."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit import trail
from audit.models import Event
from core.errors import ActionRefusedError
from organisation import actions
from organisation.models import Unit, UnitKind
from tests.htmx import assert_same_part
from tests.organisation.counting import queries_for
from tests.organisation.factories import HospitalFactory, UnitFactory

LIST = "/units/"
ADMINISTRATOR = {"administrator"}


@pytest.mark.parametrize(
    ("permission", "who_may"),
    [
        ("organisation.change_unit", ADMINISTRATOR),
        ("organisation.import_units", ADMINISTRATOR),
        ("organisation.change_person", ADMINISTRATOR),
        ("organisation.import_people", ADMINISTRATOR),
        ("organisation.change_calendar", ADMINISTRATOR),
    ],
)
def test_only_the_administrator_keeps_the_organisation(hospital, permission, who_may):
    assert hospital.who_may(permission, hospital.surgery) == who_may


@pytest.mark.parametrize(
    "permission",
    [
        "organisation.view_unit",
        "organisation.view_person",
        "organisation.view_calendar",
        "organisation.use_account",
    ],
)
def test_everybody_may_look_up_units_people_and_the_calendar(hospital, permission):
    assert hospital.who_may(permission) == set(hospital.people())


def test_an_administrator_sees_no_campaign_by_being_one(hospital):
    from campaign.models import scope_of

    scope = scope_of(hospital.administrator)

    assert (scope.seen, scope.runs) == (frozenset(), frozenset())


def test_one_sees_the_units_of_ones_own_institution_and_no_other(hospital):
    mine = {
        hospital.unit,
        hospital.outpatient,
        hospital.surgery,
        hospital.laboratory,
        hospital.campaign_office,
        hospital.discipline_office,
    }

    assert set(Unit.objects.visible_to(hospital.staff)) == mine
    assert set(Unit.objects.visible_to(hospital.supervisor)) == mine | {hospital.bureau}
    assert set(Unit.objects.visible_to(hospital.administrator)) == set(Unit.objects.all())


def test_a_unit_of_another_institution_is_not_there(client, hospital):
    client.force_login(hospital.stranger)

    assert client.get(hospital.surgery.get_absolute_url()).status_code == 404


def test_units_stand_in_their_order_and_not_by_the_alphabet(client, hospital):
    client.force_login(hospital.staff)

    page = client.get(LIST).content.decode()

    names = ["市第一人民医院", "门诊部", "普外科", "检验科", "院办", "纪检监察室"]
    assert sorted(names, key=page.index) == names


def test_a_new_unit_is_the_last_of_its_siblings_and_leaves_a_trace(hospital):
    unit = actions.create_unit(
        by=hospital.administrator,
        name="急诊科",
        parent=hospital.unit,
        kind=UnitKind.DEPARTMENT,
        category="clinical",
    )

    assert list(hospital.unit.children.in_order())[-1] == unit
    [event] = trail.of(unit)
    assert (event.action, event.actor_id) == (
        "organisation.create_unit",
        hospital.administrator.pk,
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": "普外科", "kind": "department"}, "already a unit"),
        ({"name": "卫健局", "kind": "bureau"}, "cannot stand there"),
        ({"name": "分院", "kind": "hospital", "category": "clinical"}, "Only a department"),
    ],
)
def test_a_unit_that_cannot_be_is_refused(hospital, facts, sentence):
    before = Unit.objects.count()

    with pytest.raises(ActionRefusedError, match=sentence):
        actions.create_unit(by=hospital.administrator, parent=hospital.unit, **facts)

    assert Unit.objects.count() == before


def test_a_unit_cannot_be_put_under_itself(hospital):
    ward = UnitFactory(parent=hospital.surgery)

    with pytest.raises(ActionRefusedError, match="under itself"):
        actions.change_unit(hospital.surgery, by=hospital.administrator, parent=ward)


def test_nobody_but_the_administrator_changes_a_unit(hospital):
    for act in (
        lambda: actions.create_unit(by=hospital.office, name="新科", kind="department"),
        lambda: actions.change_unit(hospital.surgery, by=hospital.president, name="新名"),
        lambda: actions.move_unit(hospital.surgery, by=hospital.office, up=True),
        lambda: actions.close_unit(hospital.surgery, by=hospital.head2),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_moving_up_changes_places_with_the_unit_before_and_stops_at_the_top(hospital):
    def order():
        return list(hospital.unit.children.in_order().values_list("name", flat=True))

    assert actions.move_unit(hospital.surgery, by=hospital.administrator, up=True)
    assert order()[:2] == ["普外科", "门诊部"]
    assert not actions.move_unit(hospital.surgery, by=hospital.administrator, up=True)
    assert actions.move_unit(hospital.surgery, by=hospital.administrator, up=False)
    assert order()[:2] == ["门诊部", "普外科"]


def test_a_unit_with_people_or_units_in_it_cannot_be_closed(hospital):
    empty = UnitFactory(parent=hospital.unit)
    parent = UnitFactory(parent=hospital.unit)
    UnitFactory(parent=parent)

    for unit in (hospital.surgery, parent):
        with pytest.raises(ActionRefusedError):
            actions.close_unit(unit, by=hospital.administrator)
    closed = actions.close_unit(empty, by=hospital.administrator)

    assert set(Unit.objects.filter(closed_on__isnull=False)) == {closed}


def test_a_closed_unit_gives_its_name_free_and_opens_again_only_if_it_still_is(hospital):
    old = UnitFactory(name="体检科", parent=hospital.unit)
    actions.close_unit(old, by=hospital.administrator)
    UnitFactory(name="体检科", parent=hospital.unit)

    with pytest.raises(ActionRefusedError, match="already a unit"):
        actions.reopen_unit(old, by=hospital.administrator)


def test_the_swapped_table_is_the_table_of_the_whole_page(client, hospital):
    client.force_login(hospital.staff)

    assert_same_part(client, f"{LIST}?q=普外", "unit-table")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=普外", {"普外科"}),
        ("q=外科二", {"普外科"}),
        ("category=medical_technical", {"检验科"}),
        ("flag=serves_patients", {"门诊部"}),
        ("state=closed", {"旧科"}),
    ],
)
def test_units_are_found_by_name_former_name_category_and_character(
    client, hospital, query, expected
):
    Unit.objects.filter(pk=hospital.surgery.pk).update(aliases=["大外科二"])
    UnitFactory(name="旧科", parent=hospital.unit, closed_on="2026-01-01")
    client.force_login(hospital.staff)

    found = client.get(f"{LIST}?{query}").context["page"].object_list

    assert {unit.name for unit in found} == expected


def test_the_list_costs_the_same_for_few_units_or_many(client, hospital):
    client.force_login(hospital.staff)
    few = queries_for(client, LIST)
    UnitFactory.create_batch(10, parent=hospital.unit)

    assert queries_for(client, LIST) == few


def test_the_page_of_a_unit_shows_posts_by_rank(client, hospital):
    client.force_login(hospital.staff)

    posts = client.get(hospital.outpatient.get_absolute_url()).context["posts"]

    assert [post.person.name for post in posts] == [
        "门诊主任",
        "门诊副主任",
        "门诊联络员",
        "门诊护士",
    ]


def test_the_administrator_keeps_units_on_their_pages(client, hospital):
    client.force_login(hospital.administrator)
    facts = {"name": "急诊科", "kind": "department", "category": "clinical"}

    made = client.post(
        reverse("organisation:create_unit"),
        {**facts, "parent": hospital.unit.pk, "aliases": "急诊、急诊中心"},
    )
    unit = Unit.objects.get(name="急诊科")
    again = client.post(reverse("organisation:create_unit"), {**facts, "parent": hospital.unit.pk})
    changed = client.post(
        reverse("organisation:change_unit", args=[unit.pk]),
        {**facts, "parent": hospital.unit.pk, "serves_patients": "on"},
    )
    moved = client.post(reverse("organisation:move_unit", args=[unit.pk]), {"way": "up"})
    closed = client.post(reverse("organisation:close_unit", args=[unit.pk]))

    assert [one.status_code for one in (made, again, changed, moved, closed)] == [
        302,
        422,
        302,
        302,
        302,
    ]
    unit.refresh_from_db()
    assert (unit.serves_patients, unit.aliases, bool(unit.closed_on)) == (True, [], True)
    assert [event.action for event in trail.of(unit)] == [
        "organisation.create_unit",
        "organisation.change_unit",
        "organisation.move_unit",
        "organisation.close_unit",
    ]


def test_those_who_may_only_look_see_no_button_and_get_no_answer(client, hospital):
    client.force_login(hospital.office)

    page = client.get(hospital.surgery.get_absolute_url()).content.decode()
    refused = [
        client.get(reverse("organisation:create_unit")),
        client.post(reverse("organisation:change_unit", args=[hospital.surgery.pk]), {"name": "x"}),
        client.post(reverse("organisation:move_unit", args=[hospital.surgery.pk])),
        client.post(reverse("organisation:close_unit", args=[hospital.surgery.pk])),
    ]

    assert "Close the unit" not in page
    assert {response.status_code for response in refused} == {403}
    assert not Event.objects.filter(action__endswith="_unit").exists()


def test_a_hospital_may_have_hospitals_under_it(hospital):
    HospitalFactory(name="东院区", parent=hospital.unit)

    assert Unit.objects.visible_to(hospital.president).filter(name="东院区").exists()
