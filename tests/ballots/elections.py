"""An election with one box, and ballots for it, for tests that need no round."""

import datetime as dt
from functools import cache

from django.utils import timezone

from ballots import actions, blind, sealing
from ballots.models import BoxKind, Door, Election


@cache
def seal_pair():
    """Private and public half, made once: an RSA key takes its time."""
    return sealing.new_seal_key()


def an_election(**facts):
    now = timezone.now()
    window = {"opens_at": now - dt.timedelta(hours=1), "closes_at": now + dt.timedelta(hours=1)}
    return Election.objects.create(
        **{"title": "评议", "seal_key": seal_pair()[1], **window, **facts}
    )


def manifest(boxes, acceptance_key):
    return {"boxes": boxes, "acceptance_key": acceptance_key}


def a_box(election=None, *, kind=BoxKind.GRADE, eligible=20, door=Door.TICKET):
    """One box of a frozen election."""
    election = election or an_election()
    plan = actions.BoxPlan(kind=kind, eligible=eligible, door=door, dimensions=4)
    [box] = actions.freeze(election, [plan], manifest=manifest)
    return box


def a_ticket(box):
    """Credential and signature, blinded, signed unseen and unblinded."""
    key, message = bytes(box.public_key), blind.prepare()
    blinded, secret = blind.blind(key, message)
    return message, blind.finalize(key, message, actions.sign(box, blinded), secret)


def grades(*marks):
    return sealing.seal(seal_pair()[1], sealing.GradeBallot(marks).encode())


def comment(text, *, id_, chips=()):
    ballot = sealing.CommentBallot(id=id_, chips=chips, text=text)
    return sealing.seal(seal_pair()[1], ballot.encode())


def answer(mark):
    return sealing.SurveyAnswer(mark).encode()


def cast(box, ticket, sealed, now=None):
    credential, signature = ticket
    return actions.cast(
        box.pk,
        credential=credential,
        signature=signature,
        sealed=sealed,
        now=now or timezone.now(),
    )
