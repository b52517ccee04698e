"""Crockford's base 32: numbers that people read out, write down and type again."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def written(number: int, length: int) -> str:
    """The number in so many characters, zeros in front."""
    return "".join(ALPHABET[number >> 5 * at & 31] for at in reversed(range(length)))


def tidied(text: str) -> str:
    """What somebody typed without spaces, dashes, small or wide letters and look-alikes."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Pd")
    return "".join(kept).upper().translate(MISREAD)


def number(text: str) -> int:
    """The number that tidied text stands for; KeyError holds a character that is none of ours."""
    total = 0
    for character in text:
        total = total << 5 | _VALUES[character]
    return total
