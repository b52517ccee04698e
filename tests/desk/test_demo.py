"""The demonstration loads through the doors people use, once, and its files hold what the ledger holds."""

import io

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from campaign.models import Campaign
from campaign.states import State as CampaignState
from issues.models import Issue
from issues.states import State as IssueState
from organisation.models import Person
from rectification.filters import LedgerFilter
from rectification.models import Attempt, LedgerItem, Outcome
from rectification.queries import figures
from rectification.states import State
from rectification.workbooks import read_back
from tests.people import again


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.VAR_ROOT = tmp_path
    settings.LANGUAGE_CODE = "zh-hans"

    def run():
        said = io.StringIO()
        call_command("demo", "--no-serve", stdout=said)
        return said.getvalue()

    return run


def test_the_demonstration_has_items_in_every_state_and_keeps_them(demo, tmp_path, settings):
    said = demo()

    running, finished = Campaign.objects.order_by("-starts_on")
    assert (running.state, finished.state) == (CampaignState.RUNNING, CampaignState.FINISHED)
    assert set(LedgerItem.objects.values_list("state", flat=True)) == set(State.values)
    assert set(Issue.objects.values_list("state", flat=True)) == set(IssueState.values)
    assert Attempt.objects.filter(outcome=Outcome.RETURNED, number__gt=1).exists()
    counted = figures(LedgerItem.objects.filter(campaign=running), running.starts_on)
    assert min(counted.total, counted.continuing, counted.voided) > 0
    assert f"{Person.objects.count()} people" in said
    assert "已销号" in said

    office = again(Person.objects.get(employee_number="office"))
    rows = LedgerFilter({}, campaign=running, by=office).rows
    with (tmp_path / "demo" / "ledger.xlsx").open("rb") as file:
        assert read_back(file, "ledger.xlsx", rows) == []
    assert len(PdfReader(tmp_path / "demo" / "ledger-A4.pdf").pages) > 5

    password = (tmp_path / "demo" / "password.txt").read_text()
    numbers = list(LedgerItem.objects.order_by("pk").values_list("number", "state"))
    assert password in demo()
    assert list(LedgerItem.objects.order_by("pk").values_list("number", "state")) == numbers


def test_the_demonstration_is_refused_where_people_work(demo, settings):
    settings.IN_PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        demo()
