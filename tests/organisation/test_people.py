"""People, their dated posts, and what follows from them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import trail
from audit.models import Event
from campaign.models import scope_of
from core.errors import ActionRefusedError
from organisation import actions, standing
from organisation.models import Person, Post, PostKind
from tests.htmx import assert_same_part
from tests.organisation.counting import queries_for
from tests.organisation.factories import PersonFactory, holder
from tests.people import again

LIST = "/people/"


def today():
    return timezone.localdate()


def test_one_finds_the_people_of_ones_own_institution_and_oneself(hospital):
    lonely = PersonFactory(name="无岗者")

    visible = Person.objects.visible_to(hospital.staff)

    assert hospital.head2 in visible
    assert not {hospital.stranger, hospital.supervisor, lonely} & set(visible)
    assert set(Person.objects.visible_to(lonely)) == {lonely}
    assert set(Person.objects.visible_to(hospital.administrator)) == set(Person.objects.all())


def test_somebody_of_another_institution_is_not_there(client, hospital):
    client.force_login(hospital.staff)

    assert client.get(hospital.stranger.get_absolute_url()).status_code == 404


def test_principals_come_first_then_units_in_their_order(client, hospital):
    client.force_login(hospital.staff)

    people = [person.name for person in client.get(LIST).context["page"]]

    expected = ["书记", "院长", "纪委书记", "副院长甲", "门诊主任", "普外主任", "门诊护士"]
    assert sorted(expected, key=people.index) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=普外", {"普外主任", "普外医生"}),
        ("post=president", {"院长"}),
        ("state=no", {"离职者"}),
    ],
)
def test_people_are_found_by_name_post_and_state(client, hospital, query, expected):
    holder(PostKind.STAFF, hospital.surgery, "离职者", is_active=False)
    client.force_login(hospital.staff)

    found = client.get(f"{LIST}?{query}").context["page"]

    assert {person.name for person in found} == expected


def test_people_are_found_by_unit_with_all_units_under_it(client, hospital):
    client.force_login(hospital.staff)

    def names(unit):
        return {person.name for person in client.get(f"{LIST}?unit={unit.pk}").context["page"]}

    assert names(hospital.surgery) == {"普外主任", "普外医生"}
    assert {"院长", "普外主任", "检验主任"} <= names(hospital.unit)


def test_the_swapped_table_is_the_table_of_the_whole_page(client, hospital):
    client.force_login(hospital.staff)

    assert_same_part(client, f"{LIST}?q=普外", "person-table")


def test_the_list_costs_the_same_for_few_people_or_many(client, hospital):
    client.force_login(hospital.administrator)
    few = queries_for(client, LIST)
    for number in range(12):
        holder(PostKind.STAFF, hospital.surgery, f"新人{number}")

    assert queries_for(client, LIST) == few


def test_a_new_person_gets_a_password_that_is_shown_once(client, hospital):
    client.force_login(hospital.administrator)

    page = client.post(
        reverse("organisation:create_person"), {"employee_number": "８８０１", "name": "新人"}
    )

    person = Person.objects.get(employee_number="8801")
    password = page.context["password"]
    assert person.check_password(password)
    assert person.must_change_password
    assert "no-store" in page["Cache-Control"]
    assert password not in client.get(person.get_absolute_url()).content.decode()


def test_an_employee_number_belongs_to_one_person(client, hospital):
    client.force_login(hospital.administrator)
    url = reverse("organisation:create_person")

    taken = {"employee_number": hospital.head.employee_number, "name": "新人"}

    assert client.post(url, taken).status_code == 422
    assert not Person.objects.filter(name="新人").exists()


def test_a_post_opens_what_it_stands_for_and_its_end_closes_it(hospital):
    person = PersonFactory()
    post = actions.add_post(
        person,
        by=hospital.administrator,
        unit=hospital.surgery,
        kind=PostKind.HEAD,
        since=today() - dt.timedelta(days=10),
    )
    assert scope_of(again(person)).heads == {hospital.surgery.pk}

    actions.end_post(post, by=hospital.administrator, until=today() - dt.timedelta(days=1))

    assert scope_of(again(person)).heads == frozenset()
    assert [event.action for event in trail.of(post)] == [
        "organisation.add_post",
        "organisation.end_post",
    ]


def test_a_post_that_begins_tomorrow_opens_nothing_today(hospital):
    person = PersonFactory()

    actions.add_post(
        person,
        by=hospital.administrator,
        unit=hospital.surgery,
        kind=PostKind.HEAD,
        since=today() + dt.timedelta(days=1),
    )

    assert again(person).posts_now == []


def test_the_same_post_cannot_be_held_twice_nor_end_before_it_begins(hospital):
    post = Post.objects.get(person=hospital.head2)

    with pytest.raises(ActionRefusedError, match="held by this person"):
        actions.add_post(
            hospital.head2,
            by=hospital.administrator,
            unit=hospital.surgery,
            kind=PostKind.HEAD,
            since=today(),
        )
    with pytest.raises(ActionRefusedError, match="end before it begins"):
        actions.end_post(post, by=hospital.administrator, until=post.since - dt.timedelta(days=1))

    assert Post.objects.filter(person=hospital.head2, until=None).count() == 1


def test_an_administrator_gives_himself_neither_post_nor_rights(hospital):
    admin = hospital.administrator
    other = PersonFactory(is_administrator=True)
    post = actions.add_post(
        admin, by=other, unit=hospital.surgery, kind=PostKind.STAFF, since=today()
    )

    for act in (
        lambda: actions.add_post(
            admin, by=admin, unit=hospital.unit, kind=PostKind.DISCIPLINE_OFFICE, since=today()
        ),
        lambda: actions.change_post(post, by=admin, title="主任"),
        lambda: actions.end_post(post, by=admin, until=today()),
        lambda: actions.change_person(admin, by=admin, is_administrator=False),
        lambda: actions.reset_password(admin, by=admin),
        lambda: actions.deactivate(admin, by=admin, reason="离任"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_nobody_but_the_administrator_changes_people(hospital):
    for act in (
        lambda: actions.create_person(by=hospital.office, employee_number="1", name="某"),
        lambda: actions.change_person(hospital.staff, by=hospital.head, name="某"),
        lambda: actions.add_post(
            hospital.staff,
            by=hospital.president,
            unit=hospital.unit,
            kind=PostKind.HEAD,
            since=today(),
        ),
        lambda: actions.reset_password(hospital.staff, by=hospital.discipline),
        lambda: actions.deactivate(hospital.staff, by=hospital.head, reason="调离"),
    ):
        with pytest.raises(PermissionDenied):
            act()

    assert not Event.objects.exclude(action__startswith="organisation.sign").exists()


def test_letting_somebody_in_no_more_ends_his_sessions_and_asks_for_a_reason(hospital):
    theirs = Client()
    theirs.force_login(hospital.staff)

    with pytest.raises(ActionRefusedError, match="reason"):
        actions.deactivate(hospital.staff, by=hospital.administrator, reason=" ")
    actions.deactivate(hospital.staff, by=hospital.administrator, reason="调离本院")

    assert theirs.get("/units/").status_code == 302
    event = Event.objects.get(action="organisation.deactivate")
    assert (event.reason, event.before, event.after) == (
        "调离本院",
        {"is_active": True},
        {"is_active": False},
    )
    with pytest.raises(ActionRefusedError):
        actions.deactivate(hospital.staff, by=hospital.administrator, reason="再次")


def test_a_persons_page_says_what_he_may_see_and_why(client, hospital):
    client.force_login(hospital.vp)

    page = client.get("/me/").content.decode()

    assert "works in 市第一人民医院 or a unit of it" in page
    assert "is in charge of them: 门诊部、检验科" in page


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("office", "works in its campaign office"),
        ("discipline", "is in the discipline office of"),
        ("secretary", "sits in its leading group"),
        ("supervisor", "supervises 市第一人民医院 from above"),
        ("head", "heads them, or is their deputy or liaison: 门诊部"),
        ("staff", "works in 市第一人民医院 or a unit of it"),
    ],
)
def test_the_reason_is_the_post_that_the_scope_follows_from(hospital, who, words):
    said = standing.of(again(getattr(hospital, who)))

    assert any(words in one.because for one in said)


def test_the_administrator_is_told_that_he_sees_no_content(hospital):
    [one] = standing.of(hospital.administrator)

    assert one.because == "is a system administrator; that opens no campaign's content"


def test_phone_and_standing_are_for_oneself_and_the_administrator(client, hospital):
    Person.objects.filter(pk=hospital.staff.pk).update(phone="13900000000")
    url = hospital.staff.get_absolute_url()

    def sees(who):
        client.force_login(who)
        page = client.get(url).content.decode()
        return ("13900000000" in page, "may see and do" in page)

    assert sees(hospital.head) == (False, False)
    assert sees(hospital.staff) == (True, True)
    assert sees(hospital.administrator) == (True, True)


def test_the_page_of_a_person_costs_the_same_for_one_post_or_three(client, hospital):
    client.force_login(hospital.administrator)
    url = hospital.vp.get_absolute_url()
    one = queries_for(client, url)
    for unit in (hospital.surgery, hospital.laboratory):
        actions.add_post(
            hospital.vp,
            by=hospital.administrator,
            unit=unit,
            kind=PostKind.VICE_PRESIDENT,
            since=today(),
            in_charge_of=[hospital.surgery],
        )

    assert queries_for(client, url) <= one + 1


def test_the_administrator_keeps_people_on_their_pages(client, hospital):
    client.force_login(hospital.administrator)
    pk = hospital.staff.pk
    post = Post.objects.get(person=hospital.staff)

    def post_to(name, /, *more, **data):
        return client.post(reverse(f"organisation:{name}", args=[pk, *more]), data).status_code

    facts = {"employee_number": hospital.staff.employee_number, "name": "新名", "phone": "1390000"}
    new = {"unit": hospital.surgery.pk, "kind": "liaison", "since": today().isoformat()}

    assert [
        post_to("change_person", **facts),
        post_to("change_person", **{**facts, "phone": "电话"}),
        post_to("add_post", **new),
        post_to("add_post", **new),
        post_to("end_post", post.pk, until=today().isoformat()),
        post_to("reset_password"),
        post_to("end_sessions"),
        post_to("let_in", reason="调离"),
        post_to("let_in", reason="返岗"),
    ] == [302, 422, 302, 422, 302, 200, 302, 302, 302]
    assert again(hospital.staff).name == "新名"
    assert Event.objects.filter(subject_id=pk, action="organisation.reactivate").count() == 1


def test_those_who_may_only_look_get_no_answer_from_the_pages_that_change(client, hospital):
    client.force_login(hospital.office)
    pk = hospital.staff.pk
    names = ("change_person", "add_post", "let_in", "reset_password", "end_sessions")

    assert {
        client.post(reverse(f"organisation:{name}", args=[pk])).status_code for name in names
    } == {403}
