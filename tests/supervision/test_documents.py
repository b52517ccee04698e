"""The papers of a meeting: one text in three forms, drawn once, kept as they are."""

import pytest

from supervision import documents, queries
from supervision.models import IssuedPaper, PaperKind
from supervision.states import MeetingState
from tests.people import again
from tests.supervision.factories import a_letterhead, days, submitted

pytestmark = pytest.mark.django_db


def issued(hospital, meeting, **facts):
    given = {
        "number": 12,
        "issued_on": days(0),
        "fingerprint": queries.report_of(meeting).fingerprint,
        **facts,
    }
    return documents.issue(meeting, by=again(hospital.secretary), **given)


def test_the_issue_keeps_every_paper(hospital):
    a_letterhead(hospital)
    meeting = issued(hospital, submitted(hospital))

    assert meeting.state == MeetingState.APPROVED
    assert set(IssuedPaper.objects.filter(meeting=meeting).values_list("kind", flat=True)) == set(
        PaperKind.values
    )
