"""Rounds as far along as a test needs them, and voters who vote through the real addresses.

The commission's key is made once for the whole run, with ``SHARES`` on paper: any two open it.
"""

import datetime as dt
import json
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cache

from django.test import Client
from django.utils import timezone

from ballots import blind, sealing
from ballots.models import BoxKind
from evaluations import actions
from evaluations.models import CommissionMember, GroupRule, Round
from tests.people import again

SHARES = [sealing.new_share() for _seat in CommissionMember.SEATS]
GOOD = (1, 1, 1, 1)
POOR = (4, 4, 4, 4)


@cache
def seal_pair():
    """Private and public half of the commission's key."""
    return sealing.new_seal_key()


def hours(n):
    return timezone.now() + dt.timedelta(hours=n)


def electors(hospital):
    """Twelve people of the hospital who work in it, heads of departments among them."""
    names = [
        "vp",
        "vp2",
        "office",
        "office2",
        "discipline",
        "head",
        "deputy",
        "liaison",
        "staff",
        "head2",
        "staff2",
        "head3",
    ]
    return [getattr(hospital, name) for name in names]


def a_round(hospital, *, heads=None, voters=None, commission=None, **facts):
    """Planned: two heads (门诊主任, 普外主任) about whom twelve people vote, one group chosen by hand.

    Tickets since two hours, voting since one, until tomorrow; ``heads`` are (person, unit, title).
    """
    facts = {
        "name": "2026年第一次背靠背评议",
        "period_from": timezone.localdate() - dt.timedelta(days=180),
        "period_to": timezone.localdate(),
        "tickets_from": hours(-2),
        "opens_at": hours(-1),
        "closes_at": hours(24),
        **facts,
    }
    office = again(hospital.office)
    round_ = actions.plan_round(hospital.campaign, by=office, **facts)
    if heads is None:
        heads = [
            (hospital.head, hospital.outpatient, "主任"),
            (hospital.head2, hospital.surgery, "主任"),
        ]
    actions.set_subjects(round_, heads, by=office)
    if voters is None:
        voters = electors(hospital)
    actions.add_group(
        round_,
        by=office,
        code="A",
        name="全体评议人",
        rule=GroupRule.BY_HAND,
        weight=100,
        people=voters,
    )
    if commission is None:
        commission = [
            (hospital.discipline2, "纪检监察室"),
            (hospital.liaison, "工会"),
            (hospital.staff2, "职工代表"),
        ]
    actions.set_commission(round_, commission, by=office)
    return Round.objects.get(pk=round_.pk)


def a_sealed_round(hospital, **facts):
    """Planned, and the commission has made its key."""
    round_ = a_round(hospital, **facts)
    member = again(round_.commission.get(seat=1).person)
    election = actions.begin_seal(round_, by=member)
    private, public = seal_pair()
    wrapped = sealing.wrap(private, SHARES, election.pk.bytes)
    actions.seal(round_, by=member, public=b64encode(public).decode(), wrapped=wrapped)
    return Round.objects.get(pk=round_.pk)


def a_frozen_round(hospital, *, voters=None, **facts):
    """Its rules frozen, with boxes, keys and roll: tickets can be fetched and votes cast."""
    round_ = a_sealed_round(hospital, voters=voters, **facts)
    reason = "Tests run where nothing is set up for secrecy."
    actions.freeze_round(round_, by=again(hospital.office), override=reason)
    return Round.objects.get(pk=round_.pk)


@dataclass(frozen=True)
class Cast:
    """What a voter keeps of one ballot."""

    box: uuid.UUID
    receipt: str
    signature: bytes
    credential: bytes


def manifest_of(round_):
    """The public description, as every device reads it."""
    return Client().get(f"/box/{round_.election_id}/election.json").json()


def boxes_of(round_, person, kind=BoxKind.GRADE):
    """Subject → box of this kind into which this person may vote."""
    rows = round_.subjects.filter(
        electorates__roll__person=person, electorates__box__kind=kind
    ).values_list("pk", "electorates__box")
    return dict(rows)


def fetch_tickets(round_, person, boxes=None, *, client=None):
    """Box → (message, signature), blinded, signed unseen and unblinded as a voter's device does."""
    keys = {box["id"]: b64decode(box["key"]) for box in manifest_of(round_)["boxes"]}
    wanted = [str(box) for box in (boxes if boxes is not None else mine(round_, person))]
    messages = {box: blind.prepare() for box in wanted}
    blinded = {box: blind.blind(keys[box], messages[box]) for box in wanted}
    if client is None:
        client = Client()
        client.force_login(person)
    answer = client.post(
        f"/voting/{round_.election_id}/tickets/",
        json.dumps({"blinded": {box: b64encode(b).decode() for box, (b, _) in blinded.items()}}),
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    signed = answer.json()["signed"]
    return {
        uuid.UUID(box): (
            messages[box],
            blind.finalize(keys[box], messages[box], b64decode(signed[box]), blinded[box][1]),
        )
        for box in wanted
    }


def mine(round_, person):
    """Every box into which this person may vote."""
    grades, comments = (
        boxes_of(round_, person, kind).values() for kind in (BoxKind.GRADE, BoxKind.COMMENT)
    )
    return [*grades, *comments]


def cast(round_, box, ticket, plain):
    """The answer of the door to one ballot, sealed as a voter's device does."""
    message, signature = ticket
    sealed = sealing.seal(seal_pair()[1], plain)
    sent = {"box": str(box), "credential": message, "signature": signature, "sealed": sealed}
    body = {k: v if k == "box" else b64encode(v).decode() for k, v in sent.items()}
    return Client().post("/box/cast", json.dumps(body), content_type="application/json")


def vote(round_, person, grades, comment="", *, chips=(), tickets=None):
    """Cast ``{subject: (1, 2, 2, 0)}``, and the same comment about each; what the voter keeps of it.

    Grades are their place in the list from 1, and 0 for left blank. With ``tickets`` of an earlier
    time (``fetch_tickets``) nothing is fetched, and voting again replaces.
    """
    tickets = tickets or fetch_tickets(round_, person)
    plain = {}
    boxes = {kind: boxes_of(round_, person, kind) for kind in (BoxKind.GRADE, BoxKind.COMMENT)}
    for subject, given in grades.items():
        plain[boxes[BoxKind.GRADE][subject.pk]] = sealing.GradeBallot(tuple(given)).encode()
        if comment or chips:
            ballot = sealing.CommentBallot(id=uuid.uuid4(), chips=tuple(chips), text=comment)
            plain[boxes[BoxKind.COMMENT][subject.pk]] = ballot.encode()
    kept = []
    for box, ballot in plain.items():
        answer = cast(round_, box, tickets[box], ballot)
        assert answer.status_code == 200, answer.content
        said = answer.json()
        kept.append(Cast(box, said["receipt"], b64decode(said["signature"]), tickets[box][0]))
    return kept


def at(round_, **times):
    """Set the clock of a round, as if the moment had come: ``at(round_, closes_at=hours(-1))``."""
    Round.objects.filter(pk=round_.pk).update(**times)
    own = {name: when for name, when in times.items() if name != "tickets_from"}
    if own and round_.election_id:
        type(round_.election).objects.filter(pk=round_.election_id).update(**own)
    return Round.objects.get(pk=round_.pk)


def closed(round_):
    return at(round_, tickets_from=hours(-30), opens_at=hours(-20), closes_at=hours(-1))


def count(round_, **facts):
    """After the close, by the first member of the commission with two shares."""
    member = again(round_.commission.get(seat=1).person)
    actions.count_round(closed(round_), by=member, shares=(SHARES[0], SHARES[2]), **facts)
    return Round.objects.get(pk=round_.pk)
