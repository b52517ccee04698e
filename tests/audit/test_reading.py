import datetime as dt

import pytest
from django.utils.translation import gettext_lazy

from audit import trail
from organisation.models import SYSTEM, Person, Post, PostKind, Unit, UnitKind
from tests.audit.subjects import Clerk, subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgery():
    return Unit.objects.create(name="外科", kind=UnitKind.DEPARTMENT)


@pytest.fixture
def medicine():
    return Unit.objects.create(name="内科", kind=UnitKind.DEPARTMENT)


@pytest.fixture
def post(surgery):
    person = Person.objects.create(employee_number="A1", name="李敏")
    return Post.objects.create(
        person=person, unit=surgery, kind=PostKind.HEAD, since=dt.date(2026, 1, 1)
    )


def change(post, *, reason="", by=None, **columns):
    before = trail.snapshot(post)
    for column, value in columns.items():
        setattr(post, column, value)
    post.save()
    return trail.record(
        "organisation.change_post",
        subject=post,
        by=by or Clerk(),
        before=before,
        after=trail.snapshot(post),
        reason=reason,
    )


def test_changes_read_as_words_names_and_choices(post, medicine):
    change(post, unit=medicine, kind=PostKind.DEPUTY, reason="调整分工")

    [entry] = trail.entries([post])

    assert (entry.who, entry.reason, entry.action) == (
        "李敏",
        "调整分工",
        "organisation.change_post",
    )
    assert {(one.before, one.after) for one in entry.changes} == {
        ("外科", "内科"),
        (PostKind.HEAD.label, PostKind.DEPUTY.label),
    }
    assert all(one.label[0].isupper() for one in entry.changes)


def test_a_creation_lists_no_changes_and_the_system_is_called_so(post):
    trail.record(
        "organisation.give_post", subject=post, by=SYSTEM, before={}, after=trail.snapshot(post)
    )

    [entry] = trail.entries([post])

    assert (entry.who, entry.changes, entry.label) == ("the system", [], "Give post")


def test_a_registered_word_names_the_action():
    trail.label("ward.close", gettext_lazy("yes"))
    trail.record("ward.close", subject=subject(), by=Clerk())

    assert trail.entries([subject()])[0].label == "yes"


def test_every_transition_of_the_states_has_its_word():
    from issues import states

    assert trail.label_of("issues.confirm") == str(states.CONFIRM.label)


def test_events_of_several_objects_come_in_order_and_no_others():
    for pk in (1, 2, 3, 1):
        trail.record("ward.close", subject=subject(pk), by=Clerk(), reason=str(pk))

    assert [entry.reason for entry in trail.entries([subject(1), subject(2)])] == ["1", "2", "1"]
    assert trail.entries([]) == []


def test_what_the_models_no_longer_know_is_shown_as_it_was():
    trail.record(
        "ward.close", subject=subject(), by=Clerk(), before={"old_bed": 3}, after={"old_bed": 4}
    )

    [[change]] = [entry.changes for entry in trail.entries([subject()])]
    assert (change.label, change.before, change.after) == ("Old bed", "3", "4")


@pytest.mark.parametrize("rows", [1, 3])
def test_three_events_cost_the_queries_of_one(post, medicine, rows, django_assert_num_queries):
    for number in range(rows):
        change(post, unit=medicine, kind=PostKind.DEPUTY)
        change(post, unit=Unit.objects.create(name=f"病区{number}", kind=UnitKind.DEPARTMENT))

    with django_assert_num_queries(2):
        trail.entries([post])
