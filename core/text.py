"""Text as people type it, and what two ways of typing the same thing have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_SPACE = re.compile(r"\s+")
_NOT_STORABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ud800-\udfff\ufeff]"
)
_LINE_BREAK = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
# Characters that the converter leaves apart although the trade writes one for the other: 台账 is
# also written 台帐, from 臺帳.
_SAME_IN_THE_TRADE = str.maketrans({"帐": "账", "痺": "痹"})


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    """One converter for the process: loading its dictionaries takes longer than a page."""
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified script; what is Simplified already comes back as it is."""
    return text if text.isascii() else str(_converter().convert(text))


def storable(text: str) -> str:
    """The text as written, without what no database or page can show: control characters."""
    if text.isprintable():
        return text
    return _NOT_STORABLE.sub("", _LINE_BREAK.sub("\n", text))


def clean(text: str) -> str:
    """The text as written, storable and without outer spaces."""
    return storable(text).strip()


@lru_cache(maxsize=4_000)
def plain(text: str) -> str:
    """Half-width, Simplified, lower case; spaces and punctuation stay where they are."""
    return simplified(unicodedata.normalize("NFKC", text)).translate(_SAME_IN_THE_TRADE).lower()


def search_form(text: str) -> str:
    """What a search compares: any script, any width, any case, single spaces."""
    return _SPACE.sub(" ", plain(text)).strip()


@lru_cache(maxsize=4_000)
def key(text: str) -> str:
    """What two headings or names have in common: only the letters and digits of the plain text."""
    return "".join(character for character in plain(text) if character.isalnum())
