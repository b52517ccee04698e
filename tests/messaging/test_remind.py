"""``manage.py remind``: the same as the scheduler, or only what it would do."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from messaging.models import Delivery, ReminderRun
from rectification.models import LadderStep
from tests.organisation.factories import PersonFactory
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db


def remind(*words):
    out = StringIO()
    call_command("remind", *words, stdout=out)
    return out.getvalue()


def test_a_dry_run_prints_who_is_sent_what_and_sends_and_keeps_nothing(hospital):
    import datetime as dt

    hospital.head.email = "head@hospital.example"
    hospital.head.save()
    item = an_item(hospital, due_on=dt.date(2026, 11, 20))

    told = remind("--dry-run", "--date", "2026-11-23")

    assert f"门诊主任 ({hospital.head.employee_number}) · daily digest" in told
    assert f"{item} (3 days overdue)" in told
    assert "1 messages on 2026-11-23 from 08:30; 3 people without an address" in told
    assert mail.outbox == []
    assert not Delivery.objects.exists()
    assert not ReminderRun.objects.exists()
    assert not LadderStep.objects.exists()


def test_on_a_rest_day_nothing_would_be_sent():
    assert remind("--dry-run", "--date", "2026-11-22") == (
        "2026-11-22 is a rest day: nothing is sent.\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--dry-run", "--date", "23.11."), "no day"), (("--date", "2026-11-23"), "goes with")],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(words, sentence):
    with pytest.raises(CommandError, match=sentence):
        remind(*words)


def test_run_for_real_it_sends_what_is_due(things, settings):
    import datetime as dt

    from tests.messaging.test_reminder_views import working_hours

    working_hours.__wrapped__(settings)
    settings.DIGEST_AT = dt.time(0)
    things.wait_for(PersonFactory(email="li@hospital.example"), "A1")

    assert remind() == "1 planned, 1 sent\n"
    assert remind() == "0 planned, 0 sent\n"
    assert [message.to for message in mail.outbox] == [["li@hospital.example"]]
