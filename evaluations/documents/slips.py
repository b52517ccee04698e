"""Slips to be cut out and drawn: all of one size, each with its code, printed once and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from core.documents import MissingGlyphError, render_pdf
from core.errors import ActionRefusedError
from core.qr import qr_code
from evaluations import actions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.qr import QrCode
    from evaluations.models import Electorate, Round
    from organisation.models import Person

LANGUAGE = "zh-hans"
GROUP = 6
HOW = "扫码或在投票页输入票号，不用登录。系统不知道是谁抽到的。"


@dataclass(frozen=True, slots=True)
class Slip:
    qr: QrCode
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The slips of one box; another box begins on a page of its own."""

    electorate: Electorate
    slips: Sequence[Slip]

    @property
    def group(self) -> str:
        return "评语票" if self.electorate.is_for_comments else self.electorate.label


def drawn_slips(round_: Round, counts: Mapping[Electorate, int], *, by: Person) -> bytes:
    """Make codes and draw them, or neither: a code that nobody has on paper is worth nothing."""
    with transaction.atomic(), translation.override(LANGUAGE):
        made = actions.print_slips(round_, counts, by=by)
        sheets = [Sheet(one, [_slip(code) for code in codes]) for one, codes in made]
        try:
            return render_pdf(
                "evaluations/documents/slips.html",
                {"round": round_, "sheets": sheets, "until": _until(round_), "how": HOW},
                title=f"{round_.name}扫码票",
            )
        except MissingGlyphError as missing:
            raise ActionRefusedError(str(missing)) from missing


def _until(round_: Round) -> str:
    closes = timezone.localtime(round_.closes_at)
    return f"{closes.month}月{closes.day}日{closes:%H:%M}前有效，截止前可改投"


def _slip(code: str) -> Slip:
    address = f"{settings.SITE_URL}{reverse('ballots:slip')}?{urlencode({'c': code})}"
    grouped = " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
    return Slip(qr_code(address), grouped)
