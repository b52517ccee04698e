"""Every figure is the length of the list that it opens."""

import datetime as dt

import pytest
from django.utils import timezone

from issues.models import Issue, RectificationClass
from issues.states import State as IssueState
from rectification.filters import LedgerFilter
from rectification.models import LedgerItem
from supervision import queries
from supervision.filters import HandlingFilter
from supervision.models import HandlingForm
from tests.issues.factories import IssueFactory
from tests.people import again
from tests.rectification.factories import LedgerItemFactory, an_item
from tests.supervision.factories import a_handling, a_meeting, an_overdue_item, days

pytestmark = pytest.mark.django_db
LISTS = {"rectification:list": LedgerFilter, "supervision:handlings": HandlingFilter}


def registered(item, day):
    LedgerItem.objects.filter(pk=item.pk).update(
        registered_at=timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
    )


@pytest.fixture
def meeting(hospital):
    """A period of thirty days, with items on its first and last day and one day beside them."""
    for ago in (31, 30, 1, 0):
        registered(an_item(hospital), days(-ago))
        item = an_item(hospital, closed=True, closed_on=days(-ago))
        registered(item, days(-ago))
        at_once = an_item(
            hospital,
            closed=True,
            closed_on=days(-ago),
            rectification_class=RectificationClass.IMMEDIATE,
        )
        registered(at_once, days(-40))
        registered(an_item(hospital, continuing=True, closed_on=days(-ago)), days(-ago))
    registered(an_item(hospital, voided=True), days(-5))
    registered(an_overdue_item(hospital), days(-90))
    LedgerItemFactory()
    for ago, person in [(31, "head"), (30, "head"), (12, "head"), (1, "head2"), (0, "head2")]:
        a_handling(hospital, person=getattr(hospital, person), decided_on=days(-ago))
    a_handling(hospital, form=HandlingForm.ADMONITION, decided_on=days(-3))
    return a_meeting(hospital, period_from=days(-30), period_to=days(-1), held_on=days(0))


def figures(meeting):
    told = queries.statistics(meeting)
    return {figure.key: figure for figure in (*told.work, *told.people)}


def test_both_ends_of_the_period_count_and_the_days_beside_them_do_not(hospital, meeting):
    values = {key: figure.value for key, figure in figures(meeting).items()}

    assert (values["found"], values["done"], values["rate"]) == ("6", "4", "66.7%")
    assert (values["closed"], values["immediate"], values["overdue"]) == ("6", "2", "1")


def test_people_and_person_times_are_different_figures(meeting):
    values = {key: figure.value for key, figure in figures(meeting).items()}

    assert (values["times"], values["people"]) == ("4", "2")
    assert (values["criticism"], values["admonition"], values["disciplinary"]) == ("3", "1", "0")


def test_the_forms_add_up_to_the_person_times(meeting):
    told = figures(meeting)

    assert sum(int(told[form].value) for form in HandlingForm.values) == int(told["times"].value)


def test_every_figure_with_a_list_is_as_long_as_that_list(hospital, meeting):
    lengths = {}
    for figure in figures(meeting).values():
        if figure.rows is None:
            continue
        page, campaign, asked = figure.rows
        assert campaign == hospital.campaign.pk
        found = LISTS[page](asked, campaign=hospital.campaign, by=again(hospital.office))
        assert found.form.is_valid()
        assert set(asked) <= set(found.filters)
        lengths[figure.key] = str(len(found.rows))

    told = figures(meeting)
    assert lengths == {key: told[key].value for key in lengths}
    assert set(told) - set(lengths) == {"rate", "handed_over"}


def test_clues_are_counted_and_not_listed(hospital, meeting):
    for ago in (31, 30, 1, 0):
        issue = IssueFactory(campaign=hospital.campaign)
        at = timezone.make_aware(dt.datetime.combine(days(-ago), dt.time(8, 0)))
        Issue.objects.filter(pk=issue.pk).update(state=IssueState.HANDED_OVER, state_since=at)

    clues = figures(meeting)["handed_over"]

    assert (clues.value, clues.url) == ("2", "")


def test_nothing_found_has_no_rate(hospital):
    meeting = a_meeting(hospital, period_from=days(-900), period_to=days(-800))

    assert figures(meeting)["rate"].value == "—"


def test_figures_cost_three_statements(meeting, django_assert_num_queries):
    with django_assert_num_queries(3):
        queries.statistics(meeting)
