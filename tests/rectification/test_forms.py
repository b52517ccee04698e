"""What the plan's form proposes: only what follows without a doubt, and a person still saves it."""

import datetime as dt

import pytest
from django.utils import timezone

from issues.models import RectificationClass
from rectification.forms import PlanForm
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db


def proposed(item):
    return PlanForm(item=item).initial["due_on"]


def test_words_that_name_a_day_are_proposed_as_that_day(hospital):
    item = an_item(hospital, drafting=True, due_on=None, deadline_text="2026年6月底前并长期坚持")

    assert proposed(item) == dt.date(2026, 6, 30)


@pytest.mark.parametrize("words", ["长期坚持", "XX月10日", "11月31日", "尽快"])
def test_words_that_leave_a_doubt_propose_nothing(hospital, words):
    item = an_item(hospital, drafting=True, due_on=None, deadline_text=words)

    assert proposed(item) is None


def test_at_once_means_the_days_of_the_campaign(hospital):
    hospital.campaign.immediate_days = 7
    hospital.campaign.day_basis = "natural"
    item = an_item(
        hospital,
        drafting=True,
        due_on=None,
        deadline_text="立行立改",
        rectification_class=RectificationClass.IMMEDIATE,
    )

    assert proposed(item) == timezone.localdate() + dt.timedelta(days=7)


def test_a_deadline_that_is_set_stays(hospital):
    item = an_item(hospital, drafting=True, deadline_text="立行立改")

    assert proposed(item) == item.due_on
