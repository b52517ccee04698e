"""What everybody is reminded of, at once and one by one; the ladder of silence; the urgent things."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.models import ReminderRules, rules_of_all, scope_of
from campaign.queries import everybodys_scopes
from issues.models import RectificationClass
from organisation.models import PostKind
from rectification import actions, queries
from rectification.models import Attempt, LadderStep, LedgerItem
from rectification.queries import reminding
from rectification.states import State
from tests.campaign.factories import AppointmentFactory
from tests.organisation.factories import PersonFactory, PostFactory, UnitFactory
from tests.people import again
from tests.rectification.factories import AttemptFactory, an_item
from tests.rectification.tangled import a_tangled_ledger

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YESTERDAY = TODAY - dt.timedelta(days=1)
ONE_DAY = dt.timedelta(days=1)


def everything_waits(hospital):
    """The tangled ledger, with something in every queue and in every shade of the deadline."""
    a_tangled_ledger(hospital)
    Attempt.objects.update(notice_until=YESTERDAY)
    LedgerItem.objects.filter(state=State.CONTINUING).update(review_on=YESTERDAY)
    for item in LedgerItem.objects.filter(state=State.RECTIFYING)[1:3]:
        AttemptFactory(item=item, returned=True)
    for item in LedgerItem.objects.filter(state=State.ON_NOTICE).order_by("pk")[1:]:
        actions.object_to_notice(item, by=hospital.staff2, text="未解决")
    for days in (-9, -1, 0, 3, 4):
        for facts in (
            {},
            {"for_all_departments": True},
            {"assignee": hospital.staff2, "for_all_departments": True},
            {"responsible_departments": [hospital.surgery, hospital.laboratory]},
            {"lead_department": hospital.laboratory, "responsible_departments": [hospital.surgery]},
        ):
            an_item(hospital, due_on=TODAY + dt.timedelta(days=days), **facts)


def waits_for(person):
    """By his own work queue; of what is under rectification only what is yellow or red."""
    counted = {}
    for verb in queries.VERBS:
        items = queries.waiting(verb, person, TODAY).select_related("campaign")
        for item in items:
            has_time = item.due_on is None or item.due_on > TODAY + dt.timedelta(
                days=item.campaign.warn_days
            )
            if verb.key != "rectify" or not has_time:
                counted[item.campaign_id] = counted.get(item.campaign_id, 0) + 1
    return counted


def test_everybodys_scopes_are_those_of_each_one(hospital):
    section = UnitFactory(name="普外一组", parent=hospital.surgery)
    PostFactory(person=hospital.office, unit=section, kind=PostKind.STAFF)
    PostFactory(person=hospital.staff2, unit=hospital.unit, kind=PostKind.LIAISON)
    AppointmentFactory(campaign=hospital.campaign, person=hospital.staff, role="office_member")
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head3, role="leading_member")
    AppointmentFactory(campaign=hospital.campaign, person=PersonFactory(), role="leading_member")

    scopes = everybodys_scopes(TODAY)

    for name, who in hospital.people().items():
        assert scopes.get(who.pk, type(scope_of(who))()) == scope_of(again(who)), name
    assert scopes[hospital.staff.pk].office == {hospital.campaign.pk}


def test_everybodys_scopes_cost_the_same_whatever_the_people(hospital, django_assert_num_queries):
    with django_assert_num_queries(5):
        everybodys_scopes(TODAY)


def test_everybody_is_reminded_of_exactly_what_waits_for_him(hospital):
    everything_waits(hospital)

    found = reminding.people(TODAY)

    assert found == {
        who.pk: counted for who in hospital.people().values() if (counted := waits_for(again(who)))
    }
    assert len(found) > 12, "nearly everybody has something to do here"


def test_the_lines_of_one_are_as_many_as_everybodys_count_says(hospital):
    everything_waits(hospital)
    found = reminding.people(TODAY)

    for name, who in hospital.people().items():
        groups = list(reminding.lines(again(who), TODAY, most=7))
        assert sum(group.total for group in groups) == sum(found.get(who.pk, {}).values()), name
        assert all(len(group.lines) == min(group.total, 7) for group in groups)


def test_who_left_the_institution_is_reminded_of_nothing(hospital):
    an_item(hospital, awaiting_plan_approval=True)
    hospital.vp.posts.update(until=YESTERDAY)

    assert hospital.vp.pk not in reminding.people(TODAY)


def test_an_account_that_is_closed_is_reminded_of_nothing(hospital):
    an_item(hospital, awaiting_claim=True)
    hospital.head.is_active = False
    hospital.head.save()

    assert set(reminding.people(TODAY)) == {hospital.deputy.pk, hospital.liaison.pk}


def test_everybody_costs_as_many_statements_as_one(hospital):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            reminding.people(TODAY)
        return len(captured)

    an_item(hospital, awaiting_claim=True)
    of_one = statements()
    everything_waits(hospital)

    assert statements() == of_one <= 9


def test_a_campaign_without_a_digest_reminds_nobody(hospital):
    an_item(hospital, awaiting_claim=True)
    ReminderRules.objects.create(campaign=hospital.campaign, digest=False)

    assert reminding.people(TODAY) == {}
    assert list(reminding.lines(again(hospital.head), TODAY, most=7)) == []


# The ladder


def told(day, person):
    return {
        (str(group.label), line.title)
        for group in reminding.ladder_lines(again(person), day, most=7)
        for line in group.lines
    }


def test_silence_climbs_after_one_three_and_seven_days_and_is_told_once(hospital):
    item = an_item(hospital, due_on=TODAY, assignee=hospital.staff)
    taken = {}

    for days in range(10):
        day = TODAY + dt.timedelta(days=days)
        actions.climb(day)
        taken[days] = {who.pk for who in map(again, hospital.people().values()) if told(day, who)}
        assert set(reminding.ladder_people(day)) == taken[days]

    assert {days: people for days, people in taken.items() if people} == {
        1: {hospital.staff.pk, hospital.head.pk, hospital.deputy.pk},
        3: {hospital.vp.pk},
        7: {hospital.secretary.pk, hospital.president.pk},
    }
    assert list(item.ladder.order_by("step").values_list("step", "reached_on")) == [
        (1, TODAY + dt.timedelta(days=1)),
        (2, TODAY + dt.timedelta(days=3)),
        (3, TODAY + dt.timedelta(days=7)),
    ]


def test_an_item_is_named_once_in_a_digest(hospital):
    an_item(hospital, due_on=TODAY - dt.timedelta(days=2))
    an_item(hospital, due_on=TODAY)
    head = again(hospital.head)

    def named():
        sources = (reminding.ladder_lines, reminding.lines)
        groups = [group for source in sources for group in source(head, TODAY, most=7)]
        return [(group.total, len(group.lines)) for group in groups]

    assert named() == [(2, 2)]
    actions.climb(TODAY)

    assert named() == [(1, 1), (1, 1)]


def test_the_sweep_run_twice_takes_no_step_twice(hospital):
    an_item(hospital, due_on=TODAY)

    day = TODAY + dt.timedelta(days=3)
    assert [actions.climb(day), actions.climb(day), actions.climb(day + ONE_DAY)] == [2, 0, 0]


@pytest.mark.parametrize("state", ["applied", "checked", "verified", "on_notice", "drafting"])
def test_an_item_that_is_not_in_the_departments_hands_does_not_climb(hospital, state):
    an_item(hospital, **{state: True}, due_on=TODAY - dt.timedelta(days=9))

    assert actions.climb(TODAY) == 0


def test_a_new_deadline_starts_from_the_bottom(hospital):
    item = an_item(hospital, due_on=TODAY - dt.timedelta(days=2))
    actions.climb(TODAY)

    LedgerItem.objects.filter(pk=item.pk).update(due_on=TODAY)
    later = TODAY + dt.timedelta(days=1)

    assert told(TODAY, hospital.head) == set(), "there is time again"
    assert actions.climb(later) == 1
    assert {step.step for step in LadderStep.objects.all()} == {1}
    assert LadderStep.objects.count() == 2
    assert told(later, hospital.head) != set()


def test_the_days_of_the_ladder_are_the_campaigns(hospital):
    an_item(hospital, due_on=TODAY - dt.timedelta(days=2))
    rules = ReminderRules.objects.create(
        campaign=hospital.campaign, first_days=2, second_days=5, third_days=9
    )

    assert actions.climb(TODAY - ONE_DAY) == 0
    assert actions.climb(TODAY) == 1
    rules.ladder = False
    rules.save()
    assert actions.climb(TODAY + dt.timedelta(days=30)) == 0


def test_an_item_that_climbed_says_so_on_its_page_and_in_its_trail(hospital, client):
    item = an_item(hospital, due_on=TODAY - dt.timedelta(days=3))
    actions.climb(TODAY)
    client.force_login(hospital.head)

    page = client.get(item.get_absolute_url()).content.decode()

    assert "Overdue and silent: told one step higher · leader in charge" in page
    assert "leader in charge" in page.partition('id="item-side"')[2].partition("</section>")[0]


# What is told at once


MONDAY = dt.date(2026, 11, 23)


def at(day, hour=9):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def people_told(notices):
    return {(notice.person, notice.key) for notice in notices}


@pytest.mark.parametrize(
    ("due_on", "day", "is_told"),
    [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23), True),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 20), False),
        (dt.date(2026, 11, 22), dt.date(2026, 11, 20), True),  # a Sunday: Friday is the last chance
        (dt.date(2026, 11, 24), dt.date(2026, 11, 23), False),
    ],
)
def test_the_last_working_day_is_told_to_the_person_in_charge(hospital, due_on, day, is_told):
    an_item(hospital, due_on=due_on, assignee=hospital.staff)

    found = people_told(reminding.last_day_notices(at(day), at(day)))

    assert found == ({(hospital.staff.pk, f"last_day:{day}")} if is_told else set())


def test_without_a_person_in_charge_the_heads_are_told_once_for_all_items(hospital):
    an_item(hospital, due_on=MONDAY)
    an_item(hospital, awaiting_claim=True, due_on=MONDAY)
    an_item(hospital, applied=True, due_on=MONDAY)

    found = people_told(reminding.last_day_notices(at(MONDAY), at(MONDAY)))

    key = f"last_day:{MONDAY}"
    assert found == {(hospital.head.pk, key), (hospital.deputy.pk, key)}
    [group] = reminding.last_day_groups(again(hospital.head), key, most=7)
    assert group.total == 2


def test_a_return_is_told_to_who_applied_and_to_the_person_in_charge(hospital):
    item = an_item(hospital, checked=True, assignee=hospital.deputy)
    before = timezone.now()
    actions.return_at_verification(
        item, by=hospital.office, reasons=["no_effect_shown"], note="请补充数据"
    )
    attempt = item.attempts.get()

    found = people_told(reminding.returned_notices(before, timezone.now()))

    key = f"returned:{attempt.pk}"
    assert found == {(hospital.liaison.pk, key), (hospital.deputy.pk, key)}
    [group] = reminding.returned_groups(again(hospital.liaison), key, most=7)
    assert [line.note for line in group.lines] == ["at: verification"]


def test_a_return_that_was_answered_meanwhile_says_nothing(hospital):
    item = an_item(hospital, rectifying=True)
    attempt = AttemptFactory(item=item, returned=True, applied_by=hospital.liaison)
    key = f"returned:{attempt.pk}"
    assert list(reminding.returned_groups(again(hospital.liaison), key, most=7)) != []

    AttemptFactory(item=item, reached=State.APPLIED, applied_by=hospital.liaison)
    LedgerItem.objects.filter(pk=item.pk).update(state=State.APPLIED)

    assert list(reminding.returned_groups(again(hospital.liaison), key, most=7)) == []


@pytest.mark.parametrize(
    ("day", "is_told"),
    [
        (dt.date(2026, 11, 23), False),  # Monday: one working day after Friday
        (dt.date(2026, 11, 24), True),
        (dt.date(2026, 11, 25), False),  # told once
    ],
)
def test_a_decision_is_told_on_the_day_it_has_waited_two_working_days(hospital, day, is_told):
    item = an_item(hospital, verified=True)
    LedgerItem.objects.filter(pk=item.pk).update(state_since=at(dt.date(2026, 11, 20)))

    found = people_told(reminding.decision_notices(at(day), at(day)))

    assert found == ({(hospital.vp.pk, f"decision:{day}")} if is_told else set())


def test_who_may_not_decide_is_not_told_to(hospital):
    item = an_item(hospital, verified=True, attempt__verified_by=hospital.vp)
    LedgerItem.objects.filter(pk=item.pk).update(state_since=at(dt.date(2026, 11, 20)))
    day = dt.date(2026, 11, 24)

    assert people_told(reminding.decision_notices(at(day), at(day))) == set()


@pytest.mark.parametrize("rule", ["last_day", "returned", "decision"])
def test_each_is_switched_off_by_its_campaign(hospital, rule):
    day = dt.date(2026, 11, 24)
    an_item(hospital, due_on=day)
    AttemptFactory(item=an_item(hospital, due_on=day), returned=True)
    decided = an_item(hospital, awaiting_plan_approval=True)
    LedgerItem.objects.filter(pk=decided.pk).update(state_since=at(dt.date(2026, 11, 20)))
    notices = getattr(reminding, f"{rule}_notices")
    since = min(at(day), timezone.now() - ONE_DAY)
    until = max(at(day), timezone.now()) if rule == "returned" else at(day)
    assert list(notices(since, until)) != []

    ReminderRules.objects.create(campaign=hospital.campaign, **{rule: False})

    assert list(notices(since, until)) == []


# One's own calendar


def test_the_calendar_has_what_he_works_on_or_answers_for_and_nothing_else(hospital):
    mine = an_item(hospital, due_on=MONDAY)
    an_item(
        hospital, lead_department=hospital.surgery, responsible_leader=hospital.vp2, due_on=MONDAY
    )
    an_item(hospital, closed=True)
    an_item(hospital, drafting=True)
    an_item(hospital, awaiting_plan_approval=True)
    an_item(hospital, rectification_class=RectificationClass.LONG_TERM, due_on=None)

    for who in (hospital.head, hospital.liaison, hospital.vp):
        assert [entry.uid for entry in reminding.deadlines(again(who))] == [
            f"ledger-item-{mine.pk}"
        ]
    assert list(reminding.deadlines(again(hospital.staff))) == []


def test_rules_of_all_has_the_defaults_where_nothing_was_changed(hospital):
    rules = rules_of_all()[hospital.campaign.pk]

    assert (rules.steps, rules.decision_days, rules.pk) == ((1, 3, 7), 2, None)
