"""The exposure meetings: one held, one about to be, one before the secretary, one being prepared."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from campaign.actions import set_letterhead
from desk.demo.days import as_of
from organisation.models import Person, PostKind, Unit
from organisation.queries import working_calendar
from rectification.models import LedgerItem
from supervision import actions, documents
from supervision.models import ExposureMeeting, Ground, SelfCriticism
from supervision.queries import report_of

if TYPE_CHECKING:
    from pathlib import Path

    from campaign.models import Campaign
    from desk.demo.hospital import Cast
    from supervision.models import ExposureCase

WHO = {"head": PostKind.HEAD, "deputy": PostKind.DEPUTY}
DAY = re.compile(r"\[(-?\d+)\]")
LASTING = {Ground.LONG_RED, Ground.SILENT}
NUMBER_WORD = "青中医"
NOT_NOW = "本期先曝光性质更典型的问题；该事项继续督办，仍未整改的下期再议"
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """What is told of the meetings, as days from today."""

    meetings: list[Told]
    campaign: Campaign
    cast: Cast
    today: dt.date

    def play(self, *numbers: int) -> None:
        for told in self.meetings:
            if told["number"] in numbers:
                Play(told, self.campaign, self.cast, self.today).all()


def read(base: Path, campaign: Campaign, cast: Cast, today: dt.date) -> Script:
    text = (base / "exposure.toml").read_text(encoding="utf-8")
    return Script(tomllib.loads(text)["meeting"], campaign, cast, today)


def order_letterhead(cast: Cast) -> None:
    name = cast.hospital.name
    set_letterhead(
        cast.hospital,
        by=cast.office,
        mark=f"{name}文件",
        number_word=NUMBER_WORD,
        printing_office=f"{name}办公室",
    )


@dataclass(slots=True)
class Play:
    """One meeting, as far as its days go: planned, submitted, issued, held."""

    told: Told
    campaign: Campaign
    cast: Cast
    today: dt.date

    def all(self) -> None:
        self.plan()
        for told in self.told.get("case", []):
            self.write(told)
        self.show_good_examples()
        self.leave_out_the_rest()
        if self.submitted_on is not None:
            with as_of(self.submitted_on, hour=8):
                actions.submit_report(self.meeting, by=self.cast.office)
        if "issued" in self.told:
            self.issue()
            self.criticise()
        if self.held_on < self.today:
            with as_of(self.held_on, hour=17):
                actions.hold_meeting(self.meeting, by=self.cast.office, held_on=self.held_on)

    @property
    def submitted_on(self) -> dt.date | None:
        """An issued report was laid before the secretary on the same day."""
        if "issued" in self.told:
            return self.issued_on
        return self.day(self.told["submitted"]) if "submitted" in self.told else None

    def day(self, away: int) -> dt.date:
        return self.today + dt.timedelta(days=away)

    @property
    def held_on(self) -> dt.date:
        day = self.day(self.told["held"])
        return working_calendar().working_day_from(day) if day > self.today else self.worked(day)

    @property
    def issued_on(self) -> dt.date:
        return self.worked(self.day(self.told["issued"]))

    def worked(self, day: dt.date) -> dt.date:
        """The last working day until then."""
        while not working_calendar().is_working(day):
            day -= dt.timedelta(days=1)
        return day

    @property
    def meeting(self) -> ExposureMeeting:
        return ExposureMeeting.objects.get(campaign=self.campaign, number=self.told["number"])

    @property
    def secretary(self) -> Person:
        pk = Person.objects.values_list("pk", flat=True).get(employee_number="secretary")
        return self.cast.person(pk)

    def text(self, told: Told, key: str, unit: Unit | None = None) -> str:
        """With its days written out, and the names of the department's people."""
        written = DAY.sub(lambda found: _written(self.day(int(found[1]))), told[key].strip())
        if unit is None or "{" not in written:
            return written
        names = {who: self.cast.in_department(unit, kind).name for who, kind in WHO.items()}
        return written.format(**names)

    def plan(self) -> None:
        first, last = (self.day(away) for away in self.told["period"])
        texts = (
            "place",
            "attendees",
            "copies_to",
            "title",
            "intro",
            "overall",
            "causes",
            "requirements",
        )
        with as_of(self.day(self.told["planned"])):
            actions.plan_meeting(
                self.campaign,
                by=self.cast.office,
                number=self.told["number"],
                period_from=first,
                period_to=last,
                held_on=self.held_on,
                chair=self.secretary,
                **{
                    key: self.text(self.told, key) for key in (*texts, "agenda") if key in self.told
                },
            )

    def write(self, told: Told) -> None:
        """Take it in, say what the report tells of it, and who was dealt with."""
        item = LedgerItem.objects.get(campaign=self.campaign, issue__text__contains=told["words"])
        planned, office = self.day(self.told["planned"]), self.cast.office
        with as_of(planned, hour=10):
            candidate = self.meeting.candidates.filter(item=item).first()
            if candidate is None:
                case = actions.take_in_item(self.meeting, item, by=office, reason=told["reason"])
            else:
                case = actions.take_in(candidate, by=office, reason=told["reason"])
        for dealt in told.get("dealt", []):
            self.deal(dealt, case)
        texts = ("title", "happened", "place", "facts", "nature", "handling")
        facts: Told = {key: self.text(told, key, case.department) for key in texts if key in told}
        if "concluded" in told:
            facts |= {
                "handling_concluded_on": self.day(told["concluded"]),
                "due_on": self.day(told["due"]),
            }
        day = self.day(told["concluded"] if "concluded" in told else self.told["planned"])
        with as_of(day, hour=15):
            actions.revise_case(case, by=office, **facts)

    def deal(self, dealt: Told, case: ExposureCase) -> None:
        with as_of(self.day(dealt["decided"])):
            handling = actions.record_handling(
                self.campaign,
                by=self.cast.discipline,
                item=case.item,
                person=self.cast.in_department(case.department, WHO[dealt["who"]]),
                unit=case.department,
                form=dealt["form"],
                decided_on=self.day(dealt["decided"]),
            )
        with as_of(self.day(dealt["final"])):
            actions.conclude_handling(
                handling, by=self.cast.discipline, final_on=self.day(dealt["final"])
            )
            if "named" in dealt:
                actions.approve_naming(handling, by=self.secretary, reason=dealt["named"])

    def show_good_examples(self) -> None:
        for told in self.told.get("good", []):
            texts = ("title", "happened", "place", "facts")
            unit = Unit.objects.get(parent=self.cast.hospital, name=told["department"])
            with as_of(self.day(self.told["planned"]), hour=16):
                actions.add_good_example(
                    self.meeting,
                    by=self.cast.office,
                    department=unit,
                    **{key: self.text(told, key) for key in texts},
                )

    def leave_out_the_rest(self) -> None:
        """Of a report that goes on its way: those that are merely late. What is worse stays open, and
        is proposed again.
        """
        if self.submitted_on is None:
            return
        late = [
            candidate
            for candidate in self.meeting.candidates.undecided().order_by("pk")
            if {ground["rule"] for ground in candidate.grounds} <= LASTING
        ]
        with as_of(self.day(self.told["planned"]), hour=17):
            actions.decide_each(late, by=self.cast.office, reason=NOT_NOW, takes_in=False)

    def issue(self) -> None:
        """The secretary signs, the office sends it round, and departments acknowledge."""
        meeting = self.meeting
        with as_of(self.issued_on, hour=10):
            documents.issue(
                meeting,
                by=self.secretary,
                number=self.told["document_number"],
                issued_on=self.issued_on,
                fingerprint=report_of(meeting).fingerprint,
                opinion="同意。被曝光科室要限期整改到位。",
            )
        exposed = [case.department for case in meeting.cases.included().in_order()]
        others = Unit.objects.filter(parent=self.cast.hospital, name__in=self.told["sent_to"])
        with as_of(self.issued_on, hour=14):
            sent = actions.distribute(
                self.meeting, by=self.cast.office, units=[*exposed, *others.order_by("pk")]
            )
        with as_of(self.issued_on, hour=16):
            for one in sent:
                if one.unit.name not in self.told.get("silent", []):
                    head = self.cast.in_department(one.unit, PostKind.HEAD)
                    actions.acknowledge(one, by=head)

    def criticise(self) -> None:
        """Those whose text is known hand it in; those of a meeting gone by are accepted."""
        for told in self.told["case"]:
            if "criticism" not in told:
                continue
            criticism = SelfCriticism.objects.select_related("case__department").get(
                case__meeting=self.meeting, case__item__issue__text__contains=told["words"]
            )
            self.hand_in(criticism, told["criticism"])
            if self.held_on < self.today:
                with as_of(self.held_on):
                    actions.accept_criticism(criticism, by=self.cast.office)

    def hand_in(self, criticism: SelfCriticism, told: Told) -> None:
        """A pledge without a day stays loose, for the office to see."""
        head = self.cast.in_department(criticism.case.department, PostKind.HEAD)
        pledges = [
            (one["text"], self.day(one["due"]) if "due" in one else None, None)
            for one in told["pledges"]
        ]
        said = {key: told[key] for key in ("cause", "responsibility", "pledge")}
        with as_of(self.issued_on, hour=17):
            actions.draft_criticism(criticism, by=head, **said, pledges=pledges)
            actions.submit_criticism(criticism, by=head)


def _written(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
