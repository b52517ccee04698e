"""A body that is no JSON to us is the fault of whoever sent it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.api.asking import actor
from tests.supervision.factories import submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}], ids=["plain", "keyed"])
@pytest.mark.parametrize(
    "body",
    [
        '{"\\ud800": 1}',
        '{"reason": "\\ud800"}',
        '{"reason": ' + "[" * 20_000 + "]" * 20_000 + "}",
        "[" * 100_000,
    ],
    ids=["half a character as a name", "half a character", "deep", "deep and open"],
)
def test_what_cannot_be_read_or_kept_is_refused(hospital, body, headers):
    meeting = submitted(hospital)
    program = actor(hospital.secretary)
    address = reverse(
        "api:exposure-report-return-report", args=[hospital.campaign.pk, meeting.number]
    )

    answer = Client().post(
        address, body, content_type="application/json", headers=program.headers | headers
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "parse_error",
        "detail": "This body cannot be read as JSON.",
    }
    meeting.refresh_from_db()
    assert meeting.state == "awaiting_approval"
