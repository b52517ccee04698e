"""Rules of reminders: nobody is written to before the office has seen who."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from campaign import actions
from campaign.models import ReminderRules
from core.errors import ActionRefusedError
from messaging.actions import planning
from messaging.clock import digest_moment
from messaging.models import Delivery, ReminderRun
from messaging.queries import hours
from rectification.models import LadderStep
from tests.people import again
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db
ON = {
    "digest": "on",
    "ladder": "on",
    "first_days": "1",
    "second_days": "3",
    "third_days": "7",
    "last_day": "on",
    "returned": "on",
    "decision": "on",
    "decision_days": "2",
}


@pytest.fixture
def page(hospital, client):
    for name, who in hospital.people().items():
        if name != "liaison":
            who.email = f"{name}@hospital.example"
            who.save()
    client.force_login(hospital.office)
    return reverse("campaign:reminders", args=[hospital.campaign.pk])


def typed(**changed):
    return {name: value for name, value in {**ON, **changed}.items() if value}


def test_the_preview_is_what_the_next_run_then_sends(hospital, page, client):
    an_item(hospital, due_on=timezone.localdate() - dt.timedelta(days=3))
    an_item(hospital, awaiting_claim=True)

    shown = client.post(page, typed(first_days="2")).context["radius"]
    client.post(page, typed(first_days="2", confirmed="1"))
    day = planning.next_run(timezone.now())
    _planned, rows = planning.plan_day(day, now=digest_moment(day, hours()))

    assert shown.day == day
    assert {receiver.person.pk for receiver in shown.receivers} == {row.person_id for row in rows}
    assert shown.messages == len(rows)
    assert shown.unreachable == 1, "the liaison has no address"
    assert {receiver.person.name for receiver in shown.receivers} == {
        "门诊主任",
        "门诊副主任",
        "副院长甲",
    }


def test_the_preview_says_it_in_words_and_saves_nothing(hospital, page, client):
    an_item(hospital, awaiting_claim=True)

    html = client.post(page, typed(digest="")).content.decode()

    assert "0 messages to 0 people" in html
    assert "Nothing is saved yet" in html
    assert not ReminderRules.objects.exists()
    assert not Delivery.objects.exists()
    assert not ReminderRun.objects.exists()
    assert not LadderStep.objects.exists()
    assert not Event.objects.filter(action="campaign.change_reminders").exists()
    html = client.post(page, typed()).content.decode()
    assert "2 messages to 2 people" in html
    assert "门诊主任" in html


def test_who_has_had_a_message_today_is_marked(hospital, page, client):
    an_item(hospital, awaiting_claim=True)
    now = timezone.now()
    Delivery.objects.create(
        person=hospital.head,
        day=timezone.localdate(now),
        kind="returned",
        key="returned:1",
        state="sent",
        sent_at=now,
        created_at=now,
    )

    radius = client.post(page, typed()).context["radius"]

    assert {one.person.name for one in radius.receivers if one.had_one_today} == {"门诊主任"}


def test_what_is_confirmed_is_saved_and_recorded_and_told_in_the_history(hospital, page, client):
    response = client.post(page, typed(decision="", third_days="10", confirmed="1"))

    assert response["Location"] == hospital.campaign.get_absolute_url()
    rules = ReminderRules.objects.get()
    assert (rules.decision, rules.steps) == (False, (1, 3, 10))
    [event] = Event.objects.filter(action="campaign.change_reminders")
    assert event.actor_id == hospital.office.pk
    history = client.get(reverse("campaign:history", args=[hospital.campaign.pk]))
    assert "Changed the reminder rules" in history.content.decode()


def test_whoever_wants_to_change_something_finds_what_he_typed(hospital, page, client):
    html = client.post(page, typed(third_days="12", change="1")).content.decode()

    assert 'value="12"' in html
    assert not ReminderRules.objects.exists()


def test_a_ladder_that_does_not_climb_is_refused_with_a_sentence(hospital, page, client):
    response = client.post(page, typed(second_days="1"))

    assert response.status_code == 422
    assert "Each step of the ladder needs more days" in response.content.decode()
    with pytest.raises(ActionRefusedError, match="more days"):
        actions.change_reminders(hospital.campaign, by=hospital.office, second_days=1)
    assert not ReminderRules.objects.exists()


@pytest.mark.parametrize("name", ["head", "discipline", "secretary", "stranger", "administrator"])
def test_only_the_office_changes_the_rules(hospital, name):
    with pytest.raises(PermissionDenied):
        actions.change_reminders(hospital.campaign, by=again(getattr(hospital, name)), digest=False)
    assert not ReminderRules.objects.exists()


def test_the_rules_of_a_finished_campaign_stay(hospital):
    hospital.campaign.state = "finished"
    hospital.campaign.save()

    with pytest.raises(ActionRefusedError, match="finished"):
        actions.change_reminders(hospital.campaign, by=hospital.office, digest=False)
    assert not ReminderRules.objects.exists()


def test_saving_what_is_so_already_records_nothing(hospital):
    actions.change_reminders(hospital.campaign, by=hospital.office, digest=False)
    actions.change_reminders(hospital.campaign, by=hospital.office, digest=False)

    assert Event.objects.filter(action="campaign.change_reminders").count() == 1
