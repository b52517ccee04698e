"""The ledger of the running campaign as workbook and papers, and its latest exposure report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from campaign.models import Campaign
from desk.demo.campaigns import RUNNING_CODE
from desk.demo.evaluations import SHARES_FILE
from evaluations.counting.ladder import Rung
from evaluations.documents.surveys import render_posters
from evaluations.models import Consequence, Survey
from organisation.models import Person
from rectification.documents import ledger_paper, ledger_workbook
from supervision.models import ExposureMeeting, PaperKind

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path) -> list[Path]:
    """Made anew at each run, from what the ledger holds then, as the office would see it."""
    campaign = Campaign.objects.get(code=RUNNING_CODE)
    office = Person.objects.get(employee_number="office")

    def progress(done: int, total: int) -> None:
        """Nobody watches."""

    made = [ledger_workbook({"campaign": campaign.pk}, by=office, progress=progress)]
    made += [
        ledger_paper({"campaign": campaign.pk, "paper": paper}, by=office, progress=progress)
        for paper in ("A4", "A3")
    ]
    paths = []
    for result, name in zip(made, ("ledger.xlsx", "ledger-A4.pdf", "ledger-A3.pdf"), strict=True):
        path = folder / name
        path.write_bytes(result.content)
        paths.append(path)
    return paths + _issued(campaign, folder) + _of_evaluations(campaign, folder)


def _issued(campaign: Campaign, folder: Path) -> list[Path]:
    """The report as it was issued: read, not drawn again."""
    meeting = ExposureMeeting.objects.issued().filter(campaign=campaign).newest_first()[0]
    paths = []
    for kind, ending in ((PaperKind.REPORT, "pdf"), (PaperKind.REPORT_DOCX, "docx")):
        paths.append(folder / f"exposure-report.{ending}")
        with default_storage.open(meeting.papers.get(kind=kind).path) as file:
            paths[-1].write_bytes(file.read())
    return paths


def _of_evaluations(campaign: Campaign, folder: Path) -> list[Path]:
    """The posters of a survey, the reminder letter as it was sent, and the commission's shares."""
    survey = Survey.objects.filter(campaign=campaign).newest_first()[0]
    posters = folder / "survey-posters.pdf"
    posters.write_bytes(render_posters(survey))
    letters = Consequence.objects.filter(
        confirmation__subject__round__campaign=campaign, rung=Rung.REMINDER_LETTER
    )
    letter = folder / "reminder-letter.pdf"
    with default_storage.open(letters.order_by("pk")[0].paper_path) as file:
        letter.write_bytes(file.read())
    return [posters, letter, folder / SHARES_FILE]
