"""How often in a row, counted for a person and a post over the rounds of a host; and what it proposes."""

import pytest
from django.utils import timezone

from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.counting.ladder import Rung
from evaluations.counting.rules import Grade
from evaluations.models import Confirmation, Round
from evaluations.queries.standing import standing
from tests.campaign.factories import CampaignFactory
from tests.evaluations.result_factories import (
    FEW,
    GOOD,
    POOR,
    a_poor_round,
    a_published_round,
    confirmed,
    heads,
    subject_of,
)
from tests.people import again

pytestmark = pytest.mark.django_db


def poor_rounds(hospital, *ages):
    return [subject_of(a_poor_round(hospital, days_ago=age), hospital.head) for age in ages]


def test_each_confirmed_poor_in_a_row_is_one_rung_more(hospital):
    subjects = poor_rounds(hospital, 40, 30, 20, 10)

    made = [confirmed(subject, hospital) for subject in subjects]

    assert [(one.consecutive, one.proposed) for one in made] == [
        (1, Rung.REMINDER_LETTER),
        (2, Rung.ADMONITION_TALK),
        (3, Rung.TRANSFER_OR_REMOVAL),
        (4, Rung.TRANSFER_OR_REMOVAL),
    ]


def test_a_poor_that_is_not_confirmed_starts_the_count_anew(hospital):
    first, second, third = poor_rounds(hospital, 30, 20, 10)
    confirmed(first, hospital)
    unconfirmed = confirmed(second, hospital, is_confirmed=False)

    last = confirmed(third, hospital)

    assert (unconfirmed.consecutive, unconfirmed.proposed) == (0, Rung.NONE)
    assert (last.consecutive, last.proposed) == (1, Rung.REMINDER_LETTER)


def test_a_better_grade_starts_the_count_anew(hospital):
    (first,) = poor_rounds(hospital, 30)
    confirmed(first, hospital)
    a_published_round(hospital, {heads(hospital)[0]: GOOD}, days_ago=20)
    (last,) = poor_rounds(hospital, 10)

    assert confirmed(last, hospital).consecutive == 1


def test_too_few_votes_neither_count_nor_save(hospital):
    (first,) = poor_rounds(hospital, 30)
    confirmed(first, hospital)
    a_published_round(hospital, {heads(hospital)[0]: FEW}, days_ago=20)
    (last,) = poor_rounds(hospital, 10)

    assert confirmed(last, hospital).consecutive == 2


@pytest.mark.parametrize(("skips_break", "count"), [(False, 2), (True, 1)])
def test_a_round_without_him_ends_the_count_only_where_the_round_says_so(
    hospital, skips_break, count
):
    (first,) = poor_rounds(hospital, 30)
    confirmed(first, hospital)
    a_published_round(hospital, {heads(hospital)[1]: GOOD}, days_ago=20)
    last = subject_of(a_poor_round(hospital, days_ago=10, skips_break=skips_break), hospital.head)

    links = [(link.was_evaluated, link.grade) for link in standing(last).links]

    assert links == [(True, Grade.POOR), (False, None), (True, Grade.POOR)]
    assert confirmed(last, hospital).consecutive == count


def test_in_a_new_post_the_count_begins_anew(hospital):
    (first,) = poor_rounds(hospital, 30)
    confirmed(first, hospital)
    moved = a_published_round(hospital, {(hospital.head, hospital.laboratory): POOR}, days_ago=10)

    found = confirmed(subject_of(moved, hospital.head), hospital)

    assert found.consecutive == 1
    assert len(standing(found.subject).links) == 1


def test_two_posts_of_one_person_are_counted_apart(hospital):
    both = {(hospital.head, hospital.outpatient): POOR, (hospital.head, hospital.laboratory): GOOD}
    first = a_published_round(hospital, both, days_ago=20)
    confirmed(first.subjects.get(unit=hospital.outpatient), hospital)
    swapped = dict.fromkeys(both, POOR)
    last = a_published_round(hospital, swapped, days_ago=10)

    counts = {
        one.unit: confirmed(one, hospital).consecutive for one in last.subjects.order_by("position")
    }

    assert counts == {hospital.outpatient: 2, hospital.laboratory: 1}


def test_rounds_of_an_earlier_campaign_of_the_same_host_count(hospital):
    earlier = CampaignFactory(name="上一轮整顿", code="SY", host=hospital.unit)
    first = subject_of(a_poor_round(hospital, campaign=earlier, days_ago=90), hospital.head)
    confirmed(first, hospital)
    (last,) = poor_rounds(hospital, 10)

    assert confirmed(last, hospital).consecutive == 2


def test_the_earlier_round_is_decided_on_first(hospital):
    _first, last = poor_rounds(hospital, 20, 10)

    with pytest.raises(ActionRefusedError, match="first: how often in a row"):
        confirmed(last, hospital)

    assert not Confirmation.objects.exists()


def test_before_the_decision_the_page_says_what_it_would_come_to(hospital):
    first, last = poor_rounds(hospital, 20, 10)
    confirmed(first, hospital)

    assert standing(last, if_confirmed=True).links[-1].is_undecided
    assert standing(last).consecutive == 1
    assert standing(last, if_confirmed=True).proposed == Rung.ADMONITION_TALK


def test_an_appeal_that_is_upheld_is_taken_out_of_the_count(hospital):
    first, last = poor_rounds(hospital, 20, 10)
    confirmed(first, hospital)
    appeal = actions.file_appeal(first, by=again(hospital.head), text="票箱有误")
    actions.judge_appeal(appeal, by=again(hospital.president), is_upheld=True, answer="属实")

    assert confirmed(last, hospital).consecutive == 1


def test_confirming_keeps_the_recount_bundle_for_the_time_of_appeals(hospital):
    (subject,) = poor_rounds(hospital, 10)
    today = timezone.localdate()
    Round.objects.update(bundle_path="evaluations/x.bundle", bundle_until=today)

    confirmed(subject, hospital)

    assert (Round.objects.get().bundle_until - today).days == 30
