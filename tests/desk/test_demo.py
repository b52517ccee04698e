"""The demonstration loads through the doors people use, once, and its files hold what the ledger holds."""

import hashlib
import io
import re

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from ballots import keyring, sealing
from campaign.models import Campaign
from campaign.states import State as CampaignState
from desk.demo.evaluations import SHARES_FILE
from evaluations.counting.ladder import Rung
from evaluations.models import (
    Confirmation,
    Consequence,
    Publication,
    RollEntry,
    Round,
    Survey,
    SurveyTarget,
)
from evaluations.states import ConsequenceState, RoundState, SurveyState
from issues.models import Issue
from issues.states import State as IssueState
from organisation.models import Person
from rectification.filters import LedgerFilter
from rectification.models import Attempt, LedgerItem, Outcome
from rectification.queries import figures
from rectification.states import State
from rectification.workbooks import read_back
from supervision.models import CaseKind, ExposureMeeting, Handling, PaperKind, Pledge
from supervision.queries import DUTIES, statistics
from supervision.states import MeetingState
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

    shows_exposure_from_one_end_to_the_other(tmp_path / "demo")
    shows_a_poor_grade_twice_and_a_vote_that_is_open(tmp_path / "demo")

    password = (tmp_path / "demo" / "password.txt").read_text()
    numbers = list(LedgerItem.objects.order_by("pk").values_list("number", "state"))
    assert password in demo()
    assert list(LedgerItem.objects.order_by("pk").values_list("number", "state")) == numbers


def shows_exposure_from_one_end_to_the_other(folder):
    held, issued, waiting, preparing = ExposureMeeting.objects.order_by("number")
    states = [held.state, issued.state, waiting.state, preparing.state]
    assert states == [
        MeetingState.HELD,
        MeetingState.APPROVED,
        MeetingState.AWAITING_APPROVAL,
        MeetingState.PREPARING,
    ]
    assert preparing.candidates.undecided().exists()
    exposed = LedgerItem.objects.filter(exposed_on=held.held_on)
    assert exposed.count() == held.cases.included().filter(kind=CaseKind.PROBLEM).count() == 3

    waits_for = {duty.key: duty for duty in DUTIES}
    head = again(Person.objects.get(employee_number="head"))
    secretary = again(Person.objects.get(employee_number="secretary"))
    today = timezone.localdate()
    assert waits_for["write_criticism"].of(head, today).count() == 1
    assert waits_for["acknowledge_report"].of(head, today).count() == 1
    assert list(waits_for["approve_report"].of(secretary, today)) == [waiting]
    pledges = Pledge.objects.filter(criticism__case__meeting=held)
    assert [pledge.text for pledge in pledges if pledge.is_loose] == []
    assert any(pledge.is_loose for pledge in Pledge.objects.all())

    figures = {one.key: one.value for one in statistics(held).people}
    assert int(figures["people"]) < int(figures["times"])
    report = default_storage.open(held.papers.get(kind=PaperKind.REPORT).path)
    with report as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "")
    of_the_meeting = Handling.objects.filter(item__exposure_cases__meeting=held)
    named = {one.person.name for one in of_the_meeting if one.may_be_named}
    everybody = Person.objects.values_list("name", flat=True)
    assert {name for name in everybody if name in text} == named != set()

    kept = issued.papers.get(kind=PaperKind.REPORT)
    on_disk = (folder / "exposure-report.pdf").read_bytes()
    assert hashlib.sha256(on_disk).hexdigest() == kept.sha256
    assert Document(folder / "exposure-report.docx").core_properties.title == issued.title


def shows_a_poor_grade_twice_and_a_vote_that_is_open(folder):
    first, second, third = Round.objects.order_by("number")
    states = [first.state, second.state, third.state]
    assert states == [RoundState.PUBLISHED, RoundState.PUBLISHED, RoundState.FROZEN]
    assert third.is_voting(timezone.now())
    poor = Publication.objects.filter(grade="poor").order_by("pk")
    assert [one.subject.round for one in poor] == [first, second]
    assert {one.subject.person.employee_number for one in poor} == {"head2"}
    again_poor = Confirmation.objects.get(subject__round=second)
    assert (again_poor.consecutive, again_poor.proposed) == (2, Rung.ADMONITION_TALK)
    assert not Consequence.objects.filter(confirmation=again_poor).exists()
    letter = Consequence.objects.get(confirmation__subject__round=first)
    assert (letter.state, letter.rung) == (ConsequenceState.ANSWERED, Rung.REMINDER_LETTER)

    may_vote = RollEntry.objects.filter(electorate__subject__round=third, has_ticket=False)
    waiting = set(may_vote.values_list("person__employee_number", flat=True))
    assert {"head", "head2", "staff", "vp", "secretary", "office", "discipline"} <= waiting
    shares = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}", (folder / SHARES_FILE).read_text())
    assert sealing.unwrap(third.election.wrapped_seal, *shares[:2], third.election.pk.bytes)
    assert keyring.is_there(third.election.pk)

    surveys = Survey.objects.order_by("opens_at")
    published, open_ = SurveyState.PUBLISHED, SurveyState.OPEN
    assert [survey.state for survey in surveys] == [published, published, open_]
    few = SurveyTarget.objects.get(survey=surveys[0], unit__name="医疗保险办公室")
    assert (few.returned, few.counts) == (7, None)


def test_the_demonstration_is_refused_where_people_work(demo, settings):
    settings.IN_PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        demo()
