"""What columns a list may have and how offices head them: one registry for reading and writing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django_stubs_ext import StrOrPromise

JOINT = "/"
"""Joins the names of two columns that share a cell, as the heading 责任部门/责任人 asks for."""
EXTRA = "+"
"""Marks a column that the registry does not know; its heading follows."""
_TWO_IN_ONE = re.compile(r"[/／|｜+＋\n]|及|和|与|與")
_REMARK = re.compile(r"[(（\[【].*?[)）\]】]", re.DOTALL)


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    DEADLINE = "deadline"
    UNIT = "unit"
    UNITS = "units"
    PERSON = "person"
    PEOPLE = "people"


@dataclass(frozen=True, kw_only=True)
class _Options:
    kind: Kind = Kind.TEXT
    required: bool = False
    must_match: bool = False
    """A name or choice that is not known is a fault and not only a doubt."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value → the words for it, the first of which is written out."""
    longest: int = 4_000
    width: int = 14


@dataclass(frozen=True)
class Column(_Options):
    """One column. ``synonyms`` may be one text of words with spaces between them.

    Simplified script is enough: matching ignores script, width, spaces and punctuation.
    """

    name: str
    label: StrOrPromise
    synonyms: Sequence[str] | str = ()

    @cached_property
    def msgid(self) -> str:
        """The label before any translation, for findings that are worded when they are read."""
        with override(None):
            return str(self.label)

    @cached_property
    def keys(self) -> frozenset[str]:
        labels = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                labels.append(str(self.label))
        words = self.synonyms.split() if isinstance(self.synonyms, str) else self.synonyms
        return frozenset(text.key(heading) for heading in (*labels, *words))

    def choice(self, written: str) -> str:
        """The value that the words stand for, or nothing."""
        for wording in (written, _REMARK.sub("", written)):
            wanted = text.key(wording)
            for value, words in self.choices.items():
                if wanted and wanted in {text.key(word) for word in (value, *words)}:
                    return value
        return ""


REMARKS = Column("remarks", _("Errors"), ("错误",))
"""The column that an annotated file has more; on its way in again it is passed over."""


class Columns:
    """The columns of one kind of list, in the order in which they are written."""

    def __init__(self, *columns: Column) -> None:
        self._by_name = {column.name: column for column in columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def only(self, names: Iterable[str]) -> Columns:
        """These columns in this order, such as the nine of them that fit on A4."""
        return Columns(*(self[name] for name in names))

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self if column.required)

    @cached_property
    def _by_key(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for column in self:
            for key in column.keys:
                keys.setdefault(key, column.name)
        return keys

    def named(self, heading: str) -> tuple[str, ...]:
        """The columns that a heading asks for: one, two in one cell, or none that we know."""
        if found := self._one(heading):
            return (found,)
        parts = [part for part in _TWO_IN_ONE.split(heading) if text.key(part)]
        names = [self._one(part) for part in parts]
        if len(parts) > 1 and all(names) and len(set(names)) == len(names):
            return tuple(names)
        return ()

    def _one(self, heading: str) -> str:
        for wording in (heading, _REMARK.sub("", heading)):
            if found := self._by_key.get(text.key(wording)):
                return found
        return ""
