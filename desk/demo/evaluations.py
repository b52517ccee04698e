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
from desk.demo.days import as_of
from evaluations import actions
from evaluations.models import Electorate, RollEntry, Round
from organisation.models import Person, PostKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ballots.models import Box
    from campaign.models import Campaign
    from desk.demo.hospital import Cast
    from evaluations.models import Subject

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
        earlier = None
        for told in self.told["round"]:
            earlier = Play(self, told).all(earlier)

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

    def all(self, earlier: Round | None) -> Round:
        told, script = self.told, self.script
        with as_of(script.day(told["tickets"] - 2)):
            round_ = self.plan(earlier)
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
        return round_

    @staticmethod
    def again(someone: Person) -> Person:
        """Posts and rights of a person are kept for a request; each day asks anew."""
        return Person.objects.get(pk=someone.pk)

    def plan(self, earlier: Round | None) -> Round:
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
        subject = self.subject(round_, told["about"])
        if subject is None or "counted" not in self.told:
            return
        electorate = Electorate.objects.select_related("box").get(
            subject=subject, is_for_comments=True
        )
        unused = RollEntry.objects.filter(electorate=electorate, has_ticket=False)
        entry = unused.select_related("person").order_by("person__employee_number")[0]
        ballot = sealing.CommentBallot(
            id=uuid.uuid4(), chips=tuple(told["chips"]), text=told["text"]
        )
        self.cast(round_, entry.person, electorate.box, ballot.encode())

    @staticmethod
    def subject(round_: Round, number: str) -> Subject | None:
        return round_.subjects.filter(person__employee_number=number).first()

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
