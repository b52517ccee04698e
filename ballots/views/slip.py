"""The paper slip: a ballot without scripts, for whoever has no phone or does not trust one.

The page seals the ballot on the server, which the printed sheet says; who drew the slip nobody knows.
Codes have 90 bits, so nobody finds one by trying.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots import queries, sealing
from ballots.actions import NotTakenError, Why, cast, slips
from ballots.actions.casting import code_hash
from ballots.views.casting import STATUS
from ballots.views.methods import only
from ballots.views.reading import page
from core.access import open_to_anyone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from ballots.queries import SlipBox

LONGEST = 16 * 1024
ENGLISH = "en"


class FaultyError(ValueError):
    """What was filled in is no ballot yet; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody chose, as the form shows it again."""

    grades: tuple[int, ...]
    chips: tuple[int, ...] = ()
    text: str = ""


@only("GET", "POST")
@open_to_anyone("a slip is voted with by whoever drew it")
def slip(request: HttpRequest) -> HttpResponse:
    """Ask for the code, show its ballot, or take the ballot. Cookies are neither read nor set."""
    if request.method == "GET":
        typed = request.GET.get("c", "")
        return _asked(typed) if typed else page("ballots/slip_code.html", {"code": ""})
    if _length(request) > LONGEST:
        return page(
            "ballots/slip_code.html", {"code": "", "fault": Why.MALFORMED.sentence}, status=400
        )
    typed = request.POST.get("c", "")
    found = queries.box_of_slip(_credential(typed))
    if found is None:
        return _unknown(typed)
    given = _given(found, request.POST)
    try:
        accepted = cast(
            found.box.pk,
            credential=_credential(typed),
            sealed=sealing.seal(bytes(found.election.seal_key or b""), _ballot(found, given)),
            now=timezone.now(),
        )
    except FaultyError as faulty:
        return _form(found, typed, given, fault=str(faulty), status=422)
    except NotTakenError as no:
        return _form(found, typed, given, fault=_sentence(no.why), status=STATUS[no.why])
    facts = {"found": found, "receipt": queries.in_groups(accepted.receipt), "code": typed}
    return page("ballots/slip_done.html", facts)


def _credential(typed: str) -> bytes:
    return code_hash(slips.tidied(typed))


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LONGEST + 1


def _asked(typed: str) -> HttpResponse:
    found = queries.box_of_slip(_credential(typed))
    if found is None:
        return _unknown(typed)
    blank = Given(grades=(0,) * len(found.manifest["dimensions"]))
    now = timezone.now()
    if now < found.election.opens_at:
        return page("ballots/slip_code.html", {"found": found, "is_early": True, "code": typed})
    if now >= found.election.closes_at:
        return page("ballots/slip_code.html", {"found": found, "is_over": True, "code": typed})
    return _form(found, typed, blank)


def _unknown(typed: str) -> HttpResponse:
    fault = _("There is no slip with this code. Compare each character with the paper.")
    return page("ballots/slip_code.html", {"code": typed, "fault": fault}, status=404)


def _form(
    found: SlipBox, typed: str, given: Given, *, fault: str = "", status: int = 200
) -> HttpResponse:
    in_english = get_language() == ENGLISH
    facts: dict[str, Any] = {
        "found": found,
        "code": typed,
        "fault": fault,
        "text": given.text,
        "chips": [
            (number, words, number in given.chips)
            for number, words in enumerate(found.manifest["chips"], start=1)
        ],
        "questions": list(enumerate(zip(found.manifest["dimensions"], given.grades, strict=True))),
        "grades": [
            (number, grade["name_en"] if in_english else grade["name"])
            for number, grade in enumerate(found.manifest["grades"], start=1)
        ],
    }
    template = "ballots/slip_comment.html" if found.is_for_comments else "ballots/slip_grades.html"
    return page(template, facts, status=status)


def _given(found: SlipBox, sent: QueryDict) -> Given:
    most = len(found.manifest["grades"])
    grades = (
        _number(sent.get(f"d{at}", ""), most) for at in range(len(found.manifest["dimensions"]))
    )
    chips = {_number(each, len(found.manifest["chips"])) for each in sent.getlist("chip")} - {0}
    text = sent.get("text", "").replace("\r\n", "\n").strip()
    return Given(grades=tuple(grades), chips=tuple(sorted(chips)), text=text)


def _number(text: str, most: int) -> int:
    """A choice from 1; 0 for none, or for what the form does not offer."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_one and int(text) <= most else 0


def _ballot(found: SlipBox, given: Given) -> bytes:
    if not found.is_for_comments:
        if 0 in given.grades:
            raise FaultyError(_("Answer every question; “do not know” is an answer too."))
        return sealing.GradeBallot(given.grades).encode()
    if not given.chips and not given.text:
        raise FaultyError(_("Choose a phrase or write something."))
    try:
        comment = sealing.CommentBallot(id=uuid.uuid4(), chips=given.chips, text=given.text)
        return comment.encode()
    except sealing.BadBallotError as fault:
        raise FaultyError(_("At most 8 phrases and 200 characters.")) from fault


def _sentence(why: Why) -> str:
    if why is Why.LOCKED:
        return _("The boxes are locked since the machine was started anew. Try again later.")
    return why.sentence
