"""Marks that copying leaves in running text. Each is shown; the text itself stays as written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_noop

from core.findings import Finding, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

_PINYIN = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
_AROUND = 8


class _Mark(NamedTuple):
    code: str
    pattern: re.Pattern[str]
    message: str
    mended: str | None
    """What to put in its place; without it nobody can know what stood there."""


_MARKS = (
    _Mark(
        "lost_letters",
        re.compile(rf"\?[{_PINYIN}]*\)[^\s,。;、]{{0,6}}|\ufffd|锟斤拷|[ㄅ-ㄩ][^\s]?[┡┩┱┲]?"),
        gettext_noop("Letters were lost near “%(place)s”. Compare with the original."),
        None,
    ),
    _Mark(
        "pinyin",
        re.compile(
            rf"(?<=[\u4e00-\u9fff])\s?\((?=[{_PINYIN} ]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])[{_PINYIN} ]+\)"
        ),
        gettext_noop("A pronunciation stands in the text at “%(place)s”."),
        "",
    ),
    _Mark(
        "page_number",
        re.compile(r"(?<=[\u4e00-\u9fff])\d{1,2}、(?=[\u4e00-\u9fff。;,])"),
        gettext_noop(
            "A number stands in the middle of a sentence at “%(place)s”, perhaps that of a page."
        ),
        "",
    ),
)


def findings(text: str) -> Iterator[Finding]:
    """At most one finding of each kind, at the first place."""
    for mark in _MARKS:
        if found := mark.pattern.search(text):
            place = text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
            mended = () if mark.mended is None else (mark.pattern.sub(mark.mended, text),)
            yield Finding(
                f"text.{mark.code}",
                mark.message,
                {"place": " ".join(place.split())},
                suggestions=tuple(Suggestion(_shown(value), value) for value in mended),
            )


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
