"""What stands inside a sealed ballot. Every ballot of a kind has one length, so length says nothing.

Anybody with a ticket may seal anything, so whoever decodes believes nothing: what the encoders here
and in the browser would not have written is no ballot.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from itertools import pairwise

VERSION = 1
GRADE_BYTES = 64
COMMENT_BYTES = 896
ANSWER_BYTES = 16

MOST_DIMENSIONS = GRADE_BYTES - 2
MOST_CHIPS = 8
LAST_CHIP = 255
MOST_CHARACTERS = 200
_LAYOUT_SIGNS = frozenset("\n\t")


class BadBallotError(ValueError):
    """Bytes that are no ballot of this kind, or a ballot that cannot be written."""


@dataclass(frozen=True, slots=True)
class GradeBallot:
    """One grade for each dimension: 0 is left blank, n the nth grade of the election's list."""

    grades: tuple[int, ...]

    def encode(self) -> bytes:
        if len(self.grades) > MOST_DIMENSIONS:
            raise BadBallotError("Too many dimensions for one ballot.")
        return _padded([VERSION, len(self.grades), *self.grades], GRADE_BYTES)

    @classmethod
    def decode(cls, plain: bytes, *, dimensions: int, grades: int) -> GradeBallot:
        """The ballot of an election with so many dimensions and grades."""
        content = _content(plain, GRADE_BYTES)
        if content[0] != dimensions:
            raise BadBallotError("Not the dimensions of this election.")
        given, rest = content[1 : 1 + dimensions], content[1 + dimensions :]
        if any(rest) or any(grade > grades for grade in given):
            raise BadBallotError("A grade that this election does not have.")
        return cls(tuple(given))


@dataclass(frozen=True, slots=True)
class CommentBallot:
    """Ready phrases ("chips") by their number from 1, and a text; the id is made by the voter."""

    id: uuid.UUID
    chips: tuple[int, ...]
    text: str

    def encode(self) -> bytes:
        text = _without_controls(self.text)
        chips = sorted(set(self.chips))
        if len(chips) > MOST_CHIPS or len(text) > MOST_CHARACTERS:
            raise BadBallotError("Too many phrases, or too long a text.")
        written = text.encode()
        head = [VERSION, *self.id.bytes, len(chips), *chips, *len(written).to_bytes(2, "big")]
        return _padded([*head, *written], COMMENT_BYTES)

    @classmethod
    def decode(cls, plain: bytes, *, chips: int = LAST_CHIP) -> CommentBallot:
        """The ballot of an election that offers so many phrases, if that is known here."""
        content = _content(plain, COMMENT_BYTES)
        id_bytes, count = content[:16], content[16]
        numbers, rest = content[17 : 17 + count], content[17 + count :]
        if count > MOST_CHIPS or not _are_chips(numbers, chips):
            raise BadBallotError("Phrases that this election does not have.")
        length = int.from_bytes(rest[:2], "big")
        written, padding = rest[2 : 2 + length], rest[2 + length :]
        if len(written) != length or any(padding):
            raise BadBallotError("Something stands where a ballot is empty.")
        return cls(id=uuid.UUID(bytes=id_bytes), chips=tuple(numbers), text=_text(written))


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """The one answer of a survey: the nth of its list, 0 for left blank."""

    answer: int

    def encode(self) -> bytes:
        return _padded([VERSION, self.answer], ANSWER_BYTES)

    @classmethod
    def decode(cls, plain: bytes, *, answers: int) -> SurveyAnswer:
        """The answer in a survey that offers so many."""
        content = _content(plain, ANSWER_BYTES)
        if content[0] > answers or any(content[1:]):
            raise BadBallotError("An answer that this survey does not have.")
        return cls(content[0])


def _padded(values: list[int], length: int) -> bytes:
    try:
        return bytes(values).ljust(length, b"\x00")
    except ValueError as fault:
        raise BadBallotError("A number that does not fit into a byte.") from fault


def _content(plain: bytes, length: int) -> bytes:
    """What follows the version, once length and version are right."""
    if len(plain) != length or plain[0] != VERSION:
        raise BadBallotError("Not a ballot of this kind and version.")
    return plain[1:]


def _are_chips(numbers: bytes, offered: int) -> bool:
    """Rising numbers from 1: each phrase once, written in the only order there is."""
    rising = all(one < next_one for one, next_one in pairwise(numbers))
    return rising and all(1 <= number <= offered for number in numbers)


def _text(written: bytes) -> str:
    try:
        text = written.decode()
    except UnicodeDecodeError as fault:
        raise BadBallotError("Not a text.") from fault
    if len(text) > MOST_CHARACTERS or text != _without_controls(text):
        raise BadBallotError("Too long a text, or signs that no text has.")
    return text


def _without_controls(text: str) -> str:
    """Control characters, which come with text pasted from elsewhere, become spaces.

    The database refuses some of them, so one such ballot would stop a count.
    """
    return "".join(
        " " if unicodedata.category(sign) == "Cc" and sign not in _LAYOUT_SIGNS else sign
        for sign in text
    )
