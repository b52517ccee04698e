"""Units and people as they are written in a cell, matched against plain lists of who there is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from core import text
from core.findings import Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFERED = 3
_ALIKE_ENOUGH = 0.5
_TAKEN_TO_THE_SECOND_LOOK = 20
_FAMILIES = ((("办公室", "办"), 1), (("科室", "科", "部", "处", "室"), 2))
"""Last words that stand for each other, and the fewest signs before them: 院办 is a name, 内科 is not 内部."""
_SEPARATORS = re.compile(r"[、,;\n\r/|]+")
_LOOSE_SEPARATORS = re.compile(r"\s+|和|及|与")
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_LEADING = re.compile(r"^(?:牵头|责任|配合|主责|协同|协办|主办)(?:科室|部门|单位)?:")
_AND_OTHERS = re.compile(r"等(?:有关|相关|其他)?(?:科室|部门|单位)?$")

_EVERYONE = re.compile(
    r"(?:全院|院内|医院)?(?:各|所有|全体|全部|每个)?(?:科室?|部门|单位|处室|支部)+(?:各?班组)?|全院(?:上下|职工|干部职工)?"
)
_CATEGORY_WORDS = {
    "临床": "clinical",
    "保健": "clinical",
    "医技": "medical_technical",
    "行政": "administrative",
    "职能": "administrative",
    "机关": "administrative",
    "管理": "administrative",
    "党政": "administrative",
    "后勤": "logistics",
}
_SOME = re.compile(
    rf"(?P<all>全院|院内|医院)?(?P<each>各|所有|全体|全部)?(?P<words>(?:{'|'.join(_CATEGORY_WORDS)}|[、及和与])+)"
    r"(?P<each_too>各)?(?P<units>科室|部门|处室|单位|科)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name: a unit, or a person (whose first alias is the employee number)."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    category: str = ""
    label: str = ""

    @property
    def suggestion(self) -> Suggestion:
        return Suggestion(self.label or self.name, self.name)


@dataclass(frozen=True, slots=True)
class UnitsRead:
    """The units that a cell names. Everyone and the categories are live groups, not lists."""

    ids: tuple[int, ...] = ()
    everyone: bool = False
    categories: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.everyone or self.categories)


class Match(NamedTuple):
    """One written name: who it is, or several of whom one must be chosen, or nobody."""

    written: str
    found: tuple[Named, ...] = ()


class Names:
    """A directory in memory: exact names and aliases, then names that differ in their last word."""

    def __init__(self, everyone: Iterable[Named] = ()) -> None:
        self._all = tuple(everyone)
        self._exact: dict[str, list[Named]] = defaultdict(list)
        self._stems: dict[tuple[str, int], list[Named]] = defaultdict(list)
        self._keys: list[tuple[str, Named]] = []
        self._offers: dict[str, tuple[Named, ...]] = {}
        for named in self._all:
            for wording in dict.fromkeys(map(text.key, (named.name, *named.aliases))):
                if wording:
                    self._exact[wording].append(named)
                    self._keys.append((wording, named))
        for key, named in self._keys:
            if (stem := _stem(key)) and named not in self._stems[stem]:
                self._stems[stem].append(named)
        self._pairs = [(_pairs(key), key, named) for key, named in self._keys]

    def match(self, written: str) -> Match:
        """Who is meant: the exact name before an alias, an alias before another last word."""
        key = text.key(written)
        found = self._exact.get(key, [])
        if len(found) > 1:
            by_name = [named for named in found if text.key(named.name) == key]
            found = by_name or found
        if not found and (stem := _stem(key)):
            alike = self._stems.get(stem, [])
            found = alike if len(alike) == 1 else []
        return Match(written, tuple(found))

    def alike(self, written: str) -> tuple[Named, ...]:
        """“Did you mean”: at most three, the likest first."""
        key = text.key(written)
        if key not in self._offers:
            self._offers[key] = self._search(key)
        return self._offers[key]

    def _search(self, key: str) -> tuple[Named, ...]:
        pairs = _pairs(key)
        rough = Counter(
            {index: len(pairs & other) for index, (other, _, _) in enumerate(self._pairs)}
        )
        best: dict[int, tuple[float, Named]] = {}
        for index, shared in rough.most_common(_TAKEN_TO_THE_SECOND_LOOK):
            _, other, named = self._pairs[index]
            score = _likeness(key, other) if shared else 0.0
            if score >= _ALIKE_ENOUGH and score > best.get(named.id, (0.0, named))[0]:
                best[named.id] = (score, named)
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].name))
        return tuple(named for _, named in ranked[:OFFERED])


def _likeness(one: str, other: str) -> float:
    """A short form whose signs stand in order in the long one, as 党办 in 党委办公室, is very like."""
    remaining = iter(other)
    if len(one) >= 2 and all(sign in remaining for sign in one):
        return 0.9
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _pairs(key: str) -> frozenset[str]:
    """Single signs and neighbours: enough to throw out what has nothing in common."""
    return frozenset(key) | {key[at : at + 2] for at in range(len(key) - 1)}


def _stem(key: str) -> tuple[str, int] | None:
    """The name without its last word, and which family that word is of: 医务科 and 医务部 are one."""
    for family, (endings, fewest) in enumerate(_FAMILIES):
        for ending in endings:
            if key.endswith(ending) and len(key) - len(ending) >= fewest:
                return key.removesuffix(ending), family
    return None


class Parts(NamedTuple):
    """A cell taken apart: its names, in order, and whether it ends in 等."""

    names: tuple[str, ...]
    open_ended: bool


def split(written: str, names: Names) -> Parts:
    """The names in a cell. A name that is known as a whole is never cut at an “and” inside it."""
    plain = text.plain(written)
    if names.match(plain).found or _group(plain):
        return Parts((written.strip(),), open_ended=False)
    parts: list[str] = []
    open_ended = False
    for part in _SEPARATORS.split(plain):
        wording = _LEADING.sub("", part.strip(" .。:"))
        shorter = _AND_OTHERS.sub("", wording)
        if shorter and shorter != wording and not names.match(wording).found:
            open_ended, wording = True, shorter
        parts += _finer(wording, names)
    return Parts(tuple(dict.fromkeys(parts)), open_ended)


def _finer(part: str, names: Names) -> list[str]:
    if not part or names.match(part).found or _group(part):
        return [part] if part else []
    without_remark = _REMARK.sub("", part).strip()
    if without_remark and names.match(without_remark).found:
        return [without_remark]
    pieces = [piece for piece in _LOOSE_SEPARATORS.split(part) if piece]
    if len(pieces) > 1 and all(names.match(piece).found for piece in pieces):
        return pieces
    return [part]


class Group(NamedTuple):
    everyone: bool
    categories: tuple[str, ...]


def _group(written: str) -> Group | None:
    """全院各科室 is everyone; 各临床医技科室 is everyone of two categories."""
    wording = "".join(written.split())
    if re.search("全院|各|所有|全体|全部|每个", wording) and _EVERYONE.fullmatch(wording):
        return Group(everyone=True, categories=())
    some = _SOME.fullmatch(wording)
    if some and (some["all"] or some["each"] or some["each_too"]):
        found = {_CATEGORY_WORDS[word] for word in re.findall("|".join(_CATEGORY_WORDS), wording)}
        return Group(everyone=False, categories=tuple(sorted(found)))
    return None


def group(written: str) -> Group | None:
    """The live group that the words stand for, if they stand for one."""
    return _group(text.plain(written))
