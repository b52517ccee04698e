"""Rounds of evaluation: two counted, with a poor grade twice in a row; one in which people can vote."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
import uuid
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ballots import actions as boxes
from ballots import blind, sealing
from campaign.actions import next_number
from desk.demo.days import as_of
from desk.demo.exposure import NUMBER_WORD
from evaluations import actions
from evaluations.actions import surveys
from evaluations.documents.letter import issue
from evaluations.models import Electorate, RollEntry, Round
from organisation.models import Person, PostKind, Unit
from organisation.queries import working_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ballots.models import Box
    from campaign.models import Campaign
    from desk.demo.hospital import Cast
    from evaluations.models import Subject, Survey

SHARES_FILE = "密钥份额.txt"
SEED = 20260422
Told = dict[str, Any]


@dataclass(slots=True)
class Script:
    """The rounds as they are told, and the shares that three people wrote down."""

    told: Told
    campaign: Campaign
    cast: Cast
    today: dt.date
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 -- invented votes
    shares: list[str] = field(default_factory=lambda: [sealing.new_share() for _seat in range(3)])
    key: tuple[bytes, bytes] = field(default_factory=sealing.new_seal_key)

    def play(self) -> None:
        for told in self.told["round"]:
            Play(self, told).all()
        for told in self.told["survey"]:
            self.survey(told)

    def survey(self, told: Told) -> None:
        """Satisfaction of one audience with some departments: counted and published, or open."""
        office = self.cast.office
        departments = Unit.objects.filter(name__in=told["leans"]).order_by("pk")
        with as_of(self.day(told["opens"]), hour=7):
            survey = surveys.plan_survey(
                self.campaign,
                by=office,
                departments=departments,
                name=told["name"],
                audience=told["audience"],
                access=told["access"],
                expected=told["expected"],
                opens_at=self.moment(told["opens"], 8),
                closes_at=self.moment(told["closes"], 18),
            )
            surveys.name_windows(
                survey,
                {
                    target.pk: told.get("windows", {}).get(target.unit.name, [])
                    for target in survey.targets.select_related("unit")
                },
                by=office,
            )
            survey = surveys.open_survey(survey, by=office)
        with as_of(self.day(told["opens"]), hour=12):
            self.answer(survey, told["leans"])
        if told["closes"] < 0:
            with as_of(self.day(told["closes"]), hour=19):
                survey = surveys.close_survey(survey, by=office)
            with as_of(self.day(told["closes"] + 1)):
                surveys.publish_survey(survey, by=office)

    def answer(self, survey: Survey, leans: Told) -> None:
        """Through the open link, so many answers of each kind as are told."""
        for target in survey.targets.select_related("unit").order_by("pk"):
            answers = [kind for kind, n in enumerate(leans[target.unit.name], 1) for _ in range(n)]
            self.chance.shuffle(answers)
            for kind in answers:
                assert target.box_id is not None  # noqa: S101 -- the survey is open
                boxes.cast(
                    target.box_id,
                    credential=self.chance.randbytes(32),
                    sealed=sealing.SurveyAnswer(kind).encode(),
                    now=timezone.now(),
                )

    def day(self, away: int) -> dt.date:
        return self.today + dt.timedelta(days=away)

    def moment(self, away: int, hour: int) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.day(away), dt.time(hour)))

    @property
    def secretary(self) -> Person:
        return Person.objects.get(employee_number="secretary")


def read(base: Path, campaign: Campaign, cast: Cast, today: dt.date) -> Script:
    text = (base / "evaluations.toml").read_text(encoding="utf-8")
    return Script(tomllib.loads(text), campaign, cast, today)


def person(number: str) -> Person:
    return Person.objects.get(employee_number=number)


@dataclass(slots=True)
class Play:
    """One round as far as its days go."""

    script: Script
    told: Told

    def all(self) -> None:
        told, script = self.told, self.script
        with as_of(script.day(told["tickets"] - 2)):
            round_ = self.plan()
            self.make_key(round_)
        with as_of(script.day(told["tickets"]), hour=8):
            round_ = actions.freeze_round(
                round_, by=self.again(script.cast.office), override=script.told["override"]
            )
        with as_of(script.day(told["opens"] if told["closes"] > 0 else told["closes"] - 1), hour=9):
            self.vote(round_)
        if "counted" in told:
            with as_of(script.day(told["counted"]), hour=10):
                member = self.again(round_.commission.get(seat=1).person)
                round_ = actions.count_round(
                    round_, by=member, shares=(script.shares[0], script.shares[2])
                )
            with as_of(script.day(told["published"]), hour=16):
                round_ = actions.publish_round(round_, by=script.secretary)
            for number, confirmed in told["confirmed"].items():
                self.confirm(self.head(round_, number), confirmed)

    @staticmethod
    def head(round_: Round, number: str) -> Subject:
        return round_.subjects.get(person__employee_number=number)

    def confirm(self, subject: Subject, told: Told) -> None:
        """The committee confirms the grade; where more is told, a reminder letter goes out."""
        script, day = self.script, self.script.day
        with as_of(day(told["on"]), hour=15):
            confirmation = actions.confirm_grade(
                subject,
                by=script.secretary,
                is_confirmed=True,
                reason=told["reason"],
                decided_on=day(told["on"]),
            )
        if "rung" not in told:
            return
        with as_of(day(told["on"]), hour=16):
            measure = actions.decide_consequence(
                confirmation,
                by=script.secretary,
                rung=told["rung"],
                reason="首次评为差，按规定发函提醒。",
                decided_on=day(told["on"]),
            )
        with as_of(day(told["issued"]), hour=9):
            execution = actions.Execution(
                on=day(told["issued"]),
                text=told["text"],
                reply_due_on=working_calendar().working_day_from(day(told["issued"] + 14)),
                number=next_number(
                    script.cast.hospital, word=NUMBER_WORD, year=day(told["issued"]).year
                ),
            )
            issue(measure, by=self.again(script.cast.discipline), execution=execution)
        with as_of(day(told["replied"]), hour=10):
            actions.answer_consequence(measure, by=person("head2"), text=told["reply"])

    @staticmethod
    def again(someone: Person) -> Person:
        """Posts and rights of a person are kept for a request; each day asks anew."""
        return Person.objects.get(pk=someone.pk)

    def plan(self) -> Round:
        script, told = self.script, self.told
        office = self.again(script.cast.office)
        round_ = actions.plan_round(
            script.campaign,
            by=office,
            number=told["number"],
            name=told["name"],
            dimensions=script.told["dimensions"],
            period_from=script.day(told["period"][0]),
            period_to=script.day(told["period"][1]),
            tickets_from=script.moment(told["tickets"], 9),
            opens_at=script.moment(told["opens"], 8),
            closes_at=script.moment(told["closes"], 18),
        )
        heads = []
        for number in told["leans"]:
            post = person(number).posts.filter(kind=PostKind.HEAD).select_related("unit").get()
            heads.append((person(number), post.unit, post.title))
        actions.set_subjects(round_, heads, by=office)
        for group in script.told["group"]:
            actions.add_group(round_, by=office, **group)
        members = [(person(one["who"]), one["stands_for"]) for one in script.told["commission"]]
        return actions.set_commission(round_, members, by=office)

    def make_key(self, round_: Round) -> None:
        """What the commission's browser does: the shares go onto paper, never to the server."""
        script = self.script
        member = self.again(round_.commission.get(seat=1).person)
        election = actions.begin_seal(round_, by=member)
        private, public = script.key
        actions.seal(
            round_,
            by=member,
            public=b64encode(public).decode(),
            wrapped=sealing.wrap(private, script.shares, election.pk.bytes),
        )

    def vote(self, round_: Round) -> None:
        """Everybody whom chance sends, but those who sign in: they can still vote themselves."""
        electorates = Electorate.objects.filter(subject__round=round_, is_for_comments=False)
        for electorate in electorates.select_related("box", "subject__person").order_by("pk"):
            leans = self.told["leans"][electorate.subject.person.employee_number]
            for voter in self.voters(electorate):
                marks = self.script.chance.choices(range(1, 6), weights=leans, k=4)
                ballot = sealing.GradeBallot(tuple(marks)).encode()
                self.cast(round_, voter, electorate.box, ballot)
        for told in self.script.told["comment"]:
            self.comment(round_, told)

    def voters(self, electorate: Electorate) -> Iterator[Person]:
        is_open = "counted" not in self.told
        roll = RollEntry.objects.filter(electorate=electorate).select_related("person")
        for entry in roll.order_by("person__employee_number"):
            signs_in = not entry.person.employee_number.isdigit()
            votes = self.script.chance.randrange(100) < self.told["turnout"]
            if votes and not (is_open and signs_in):
                yield entry.person

    def comment(self, round_: Round, told: Told) -> None:
        if "counted" not in self.told:
            return
        subject = self.head(round_, told["about"])
        electorate = Electorate.objects.select_related("box").get(
            subject=subject, is_for_comments=True
        )
        unused = RollEntry.objects.filter(electorate=electorate, has_ticket=False)
        entry = unused.select_related("person").order_by("person__employee_number")[0]
        ballot = sealing.CommentBallot(
            id=uuid.uuid4(), chips=tuple(told["chips"]), text=told["text"]
        )
        self.cast(round_, entry.person, electorate.box, ballot.encode())

    def cast(self, round_: Round, voter: Person, box: Box | None, plain: bytes) -> None:
        """As a voter's device does it: a ticket signed unseen, then a ballot without its voter."""
        assert box is not None  # noqa: S101 -- the round is frozen
        key, message = bytes(box.public_key or b""), blind.prepare()
        blinded, secret = blind.blind(key, message)
        signed = actions.issue_tickets(round_, {box.pk: blinded}, by=voter)
        boxes.cast(
            box.pk,
            credential=message,
            signature=blind.finalize(key, message, signed[box.pk], secret),
            sealed=sealing.seal(self.script.key[1], plain),
            now=timezone.now(),
        )


def keep_shares(folder: Path, script: Script) -> None:
    """For whoever tries the demonstration; in life three people keep them, on paper."""
    lines = [
        "演示用的三份密钥份额，任意两份即可开箱计票；真实使用时由三人分别抄在纸上，不进电脑。",
        "",
    ]
    lines += [f"第{seat}份：{share}" for seat, share in enumerate(script.shares, 1)]
    path = folder / SHARES_FILE
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    path.chmod(0o600)
