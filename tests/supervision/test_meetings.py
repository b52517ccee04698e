"""From a planned meeting to what it leaves in the ledger."""

import pytest

from rectification.models import LedgerItem
from supervision.models import ExposureMeeting, SelfCriticism
from supervision.states import CriticismState, MeetingState
from tests.people import again
from tests.supervision.factories import a_letterhead, days, held, issued

pytestmark = pytest.mark.django_db


def test_an_exposed_item_carries_the_mark_and_the_deadline_of_the_meeting(hospital):
    a_letterhead(hospital)
    meeting = held(hospital)

    item = LedgerItem.objects.get(exposure_cases__meeting=meeting)
    assert meeting.state == MeetingState.HELD
    assert (item.exposed_on, item.due_on) == (days(0), days(14))


def test_number_and_date_come_with_the_approval(hospital):
    a_letterhead(hospital)
    meeting = issued(hospital)

    assert str(meeting.document_number) == f"市一医〔{days(0).year}〕1号"
    assert meeting.issued_on == days(0)
    criticism = SelfCriticism.objects.get(case__meeting=meeting)
    assert criticism.state == CriticismState.AWAITED
    assert ExposureMeeting.objects.visible_to(again(hospital.head)).get() == meeting
    assert not ExposureMeeting.objects.visible_to(again(hospital.head2)).exists()
