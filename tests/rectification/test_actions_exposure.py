"""What an exposure meeting leaves in the ledger."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit import trail
from core.errors import ActionRefusedError
from rectification import actions
from rectification.filters import LedgerFilter
from rectification.models import Finding
from rectification.states import State
from tests.people import again
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(hospital):
    return an_item(hospital)


def facts(item):
    item = again_item(item)
    return item.exposed_on, item.due_on, item.deadlines.count(), item.measures.count()


def again_item(item):
    return type(item).objects.get(pk=item.pk)


def in_days(n):
    return timezone.localdate() + dt.timedelta(days=n)


def test_an_exposed_item_gets_the_deadline_of_the_meeting_beside_its_original(hospital, item):
    original = item.original_due_on

    actions.expose(item, by=hospital.office, on=in_days(0), due_on=in_days(12), reason="第1期")

    item = again_item(item)
    assert (item.exposed_on, item.due_on, item.original_due_on) == (
        in_days(0),
        in_days(12),
        original,
    )
    assert item.deadlines.get(due_on=in_days(12)).reason == "第1期"
    assert trail.of(item).last().action == "rectification.expose"


def test_what_is_signed_off_is_marked_and_keeps_its_deadline(hospital):
    item = an_item(hospital, closed=True)
    due_on = item.due_on

    actions.expose(item, by=hospital.office, on=in_days(0), due_on=in_days(12), reason="第1期")

    item = again_item(item)
    assert (item.exposed_on, item.due_on, item.state) == (in_days(0), due_on, State.CLOSED)


def test_only_the_office_exposes_and_nothing_changes_when_it_is_refused(hospital, item):
    before = facts(item)

    for who in (hospital.head, hospital.discipline, hospital.secretary, hospital.administrator):
        with pytest.raises(PermissionDenied):
            actions.expose(item, by=who, on=in_days(0), due_on=in_days(9), reason="第1期")

    assert facts(item) == before


def test_a_voided_item_cannot_be_exposed(hospital, item):
    actions.void(item, by=hospital.office, reason="重复")

    with pytest.raises(ActionRefusedError, match="is voided"):
        actions.expose(item, by=hospital.office, on=in_days(0), due_on=None, reason="第1期")

    assert again_item(item).exposed_on is None


def test_an_exposed_item_must_be_verified_on_site(hospital, item):
    assert not item.needs_visit

    exposed = actions.expose(item, by=hospital.office, on=in_days(0), due_on=None, reason="第1期")

    assert exposed.needs_visit


def test_a_pledged_measure_comes_last_with_its_day(hospital, item):
    there = item.measures.count()

    measure = actions.add_measure(item, by=hospital.head, text=" 每周抽查一次 ", due_on=in_days(20))

    assert (measure.text, measure.due_on) == ("每周抽查一次", in_days(20))
    assert list(item.measures.order_by("position", "pk"))[there] == measure


def test_another_department_and_a_signed_off_item_take_no_measure(hospital, item):
    with pytest.raises(PermissionDenied):
        actions.add_measure(item, by=hospital.head2, text="抽查", due_on=in_days(20))
    closed = an_item(hospital, closed=True)
    with pytest.raises(ActionRefusedError, match="takes no further measures"):
        actions.add_measure(closed, by=hospital.head, text="抽查", due_on=in_days(20))


def test_a_return_may_name_what_is_wrong_with_the_rectification(hospital):
    item = an_item(hospital, checked=True)

    actions.return_at_verification(
        item,
        by=again(hospital.discipline),
        reasons=["target_not_reached"],
        finding=Finding.PERFUNCTORY,
    )

    assert item.attempts.get().finding == Finding.PERFUNCTORY


def test_an_unknown_finding_is_refused(hospital):
    item = an_item(hospital, checked=True)

    with pytest.raises(ActionRefusedError):
        actions.return_at_verification(
            item, by=hospital.discipline, reasons=["target_not_reached"], finding="invented"
        )

    assert again_item(item).state == State.CHECKED


def test_the_list_shows_only_exposed_items_on_demand(hospital, item):
    an_item(hospital)
    actions.expose(item, by=hospital.office, on=in_days(0), due_on=None, reason="第1期")

    def shown(**asked):
        found = LedgerFilter(asked, campaign=hospital.campaign, by=again(hospital.office))
        return [row.pk for row in found.rows]

    assert shown(exposed="on") == [item.pk]
    assert len(shown()) == 2


def test_the_state_says_since_when(hospital, item):
    earlier = item.state_since

    moved = actions.void(item, by=hospital.office, reason="重复")

    assert moved.state_since > earlier
    assert "state_since" not in trail.of(moved).last().after
