"""Whose turn it is agrees with the rules; each figure is the length of its list."""

import datetime as dt

import pytest
from django.utils import timezone

from rectification import actions, queries
from rectification.lights import Light, clock_of
from rectification.models import Attempt, EvidenceOpening, LedgerItem
from rectification.queries.figures import is_near, is_overdue
from rectification.states import State
from tests.people import again
from tests.rectification.factories import (
    AttemptFactory,
    EvidenceFactory,
    an_item,
)
from tests.rectification.tangled import a_tangled_ledger

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.mark.parametrize("verb", queries.VERBS, ids=lambda verb: verb.key)
def test_what_waits_for_a_person_offers_him_the_step_and_the_other_way_round(hospital, verb):
    a_tangled_ledger(hospital)
    Attempt.objects.update(notice_until=YESTERDAY)
    LedgerItem.objects.filter(state=State.CONTINUING).update(review_on=YESTERDAY)
    for item in LedgerItem.objects.filter(state=State.RECTIFYING)[1:]:
        AttemptFactory(item=item, returned=True)
    objected = LedgerItem.objects.filter(state=State.ON_NOTICE).order_by("pk")
    for item in objected[1:]:
        actions.object_to_notice(item, by=hospital.staff2, text="未解决")
    fits = {
        "decide_notice_objection": lambda item: item != objected[0],
        "end_notice": lambda item: item == objected[0],
        "answer_return": lambda item: queries.reasons_to_answer(item) != [],
        "rectify": lambda item: queries.reasons_to_answer(item) == [],
    }.get(verb.key, lambda item: True)

    for name, who in hospital.people().items():
        person = again(who)
        offered = {
            item
            for item in LedgerItem.objects.all()
            if item.state in verb.step.sources
            and person.has_perm(verb.step.permission, item)
            and fits(item)
        }
        assert set(queries.waiting(verb, person, timezone.localdate())) == offered, name


def test_somebody_has_something_waiting_for_each_verb(hospital):
    a_tangled_ledger(hospital)
    Attempt.objects.update(notice_until=YESTERDAY)
    LedgerItem.objects.filter(state=State.CONTINUING).update(review_on=YESTERDAY)
    AttemptFactory(item=LedgerItem.objects.filter(state=State.RECTIFYING).first(), returned=True)
    item = LedgerItem.objects.filter(state=State.ON_NOTICE).first()
    actions.object_to_notice(item, by=hospital.staff2, text="未解决")

    people = [again(who) for who in hospital.people().values()]
    today = timezone.localdate()

    assert {
        verb.key
        for verb in queries.VERBS
        if any(queries.waiting(verb, who, today).exists() for who in people)
    } == {verb.key for verb in queries.VERBS}


def test_the_counts_are_the_lengths_of_the_lists_in_one_query(hospital, django_assert_num_queries):
    a_tangled_ledger(hospital)
    office = again(hospital.office2)
    today = timezone.localdate()
    queries.waiting_counts(office, today)

    with django_assert_num_queries(1):
        counts = queries.waiting_counts(office, today)

    assert counts == {
        verb.key: queries.waiting(verb, office, today).count() for verb in queries.VERBS
    }
    assert counts["verify"] > 0


def test_nothing_waits_for_the_system_or_a_visitor(hospital):
    from django.contrib.auth.models import AnonymousUser

    an_item(hospital, drafting=True)

    assert queries.waiting_counts(AnonymousUser(), timezone.localdate()) == {}
    assert not LedgerItem.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("days", range(-2, 6))
def test_overdue_and_near_in_the_database_are_the_lights_of_the_page(hospital, days):
    today = timezone.localdate()
    hospital.campaign.warn_days = 3
    hospital.campaign.save()
    for state in State.values:
        an_item(hospital, **{state: True}, due_on=today + dt.timedelta(days=days))
    everything = LedgerItem.objects.select_related("campaign")

    lights = {item.pk: clock_of(item, today).light for item in everything}

    overdue = set(everything.filter(is_overdue(today)).values_list("pk", flat=True))
    near = set(everything.filter(is_near(today)).values_list("pk", flat=True))
    assert overdue == {pk for pk, light in lights.items() if light == Light.OVERDUE}
    assert near == {pk for pk, light in lights.items() if light == Light.NEAR}
    assert overdue == set(everything.overdue(today).values_list("pk", flat=True))


def test_the_figures_take_one_query_and_leave_voided_items_out(hospital, django_assert_num_queries):
    for state in State.values:
        an_item(hospital, **{state: True})
    an_item(hospital, overdue=True)
    an_item(hospital, near=True)

    with django_assert_num_queries(1):
        figures = queries.figures(LedgerItem.objects.all(), timezone.localdate())

    assert figures == queries.Figures(
        total=13,
        open=11,
        overdue=1,
        near=1,
        planning=4,
        rectifying=3,
        under_review=4,
        done=2,
        continuing=1,
        voided=1,
    )
    assert figures.rate == 15


def test_a_verifier_is_prompted_about_files_used_twice_odd_dates_and_repeated_returns(hospital):
    today = timezone.localdate()
    item = an_item(hospital, checked=True)
    for number in (8, 9):
        AttemptFactory(item=item, number=number, returned=True)
    twice = EvidenceFactory(item=item)
    EvidenceFactory(sha256=twice.sha256)
    EvidenceFactory(item=item, taken_on=today - dt.timedelta(days=3), file_name="早.jpg")
    EvidenceFactory(item=item, taken_on=today + dt.timedelta(days=3), file_name="晚.jpg")
    EvidenceFactory(item=item, taken_on=today)

    attempts = list(item.attempts.order_by("applied_at"))
    prompts = queries.prompts_for_verifier(item, item.evidence.for_page(hospital.office), attempts)

    assert sorted(prompt.key for prompt in prompts) == [
        "returned_often",
        "same_file",
        "taken_after",
        "taken_before",
    ]


def test_evidence_says_whether_its_reader_has_opened_it(hospital):
    item = an_item(hospital, checked=True)
    opened, unopened = EvidenceFactory.create_batch(2, item=item)
    EvidenceOpening.objects.create(evidence=opened, person=hospital.office)

    pieces = {e: e.is_opened for e in item.evidence.for_page(hospital.office)}

    assert pieces == {opened: True, unopened: False}
    assert queries.unopened_evidence(item, hospital.office) == 1
