"""What the text of a cell means, by the kind of its column: a value, and everything doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext_noop

from core import deadlines
from core.findings import Finding, Level, Suggestion
from core.text import clean, key, plain
from core.workbooks import damage
from core.workbooks.columns import Column, Kind
from core.workbooks.names import OFFERED, Named, Names, UnitsRead, group, split

if TYPE_CHECKING:
    from collections.abc import Callable

_YES = frozenset({"是", "有", "已", "对", "√", "✓", "✔", "yes", "y", "true", "1"})
_NO = frozenset({"否", "无", "未", "不", "×", "✗", "✘", "x", "no", "n", "false", "0"})

_MESSAGES = {
    "too_long": gettext_noop(
        "The text is %(length)s characters long; at most %(limit)s are taken."
    ),
    "choice": gettext_noop("“%(text)s” is none of: %(choices)s."),
    "yes_no": gettext_noop("“%(text)s” is neither yes nor no."),
    "date": gettext_noop("“%(text)s” is not one day."),
    "unknown_unit": gettext_noop("There is no unit “%(text)s”."),
    "several_units": gettext_noop("“%(text)s” can be several units."),
    "one_unit": gettext_noop("Only one unit can stand here."),
    "category_group": gettext_noop("“%(text)s” was read as: all units of these categories."),
    "and_others": gettext_noop("“%(text)s” leaves open which other units are meant."),
    "unknown_person": gettext_noop("There is no person “%(text)s”."),
    "several_people": gettext_noop("Several people are called “%(text)s”."),
    "one_person": gettext_noop("Only one person can stand here."),
}


class Read(NamedTuple):
    value: Any
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """Who there is to be named, and the year that a deadline without one may be of."""

    units: Names = field(default_factory=Names)
    people: Names = field(default_factory=Names)
    year: int | None = None


def read(column: Column, text: str, directory: Directory, epoch: int = 1900) -> Read:
    """The value of one cell; an empty cell has the empty value of its kind and no finding."""
    text = clean(text)
    if not text:
        return Read(_EMPTY.get(column.kind, ""))
    if len(text) > column.longest:
        finding = _finding("too_long", column, length=len(text), limit=column.longest)
        return Read(_EMPTY.get(column.kind, ""), (finding,))
    if column.kind is Kind.DEADLINE:
        deadline = deadlines.parse(text, year=directory.year, epoch=epoch)
        return Read(deadline, deadline.findings)
    return _READERS[column.kind](column, text, directory)


def _finding(code: str, column: Column, *suggestions: Suggestion, **params: object) -> Finding:
    level = Level.FAULT if column.must_match or code == "too_long" else Level.DOUBT
    return Finding(f"cell.{code}", _MESSAGES[code], params, level, suggestions=suggestions)


def _text(_column: Column, text: str, _directory: Directory) -> Read:
    return Read(text, tuple(damage.findings(text)))


def _number(_column: Column, text: str, _directory: Directory) -> Read:
    return Read(plain(text).strip())


def _choice(column: Column, text: str, _directory: Directory) -> Read:
    if value := column.choice(text):
        return Read(value)
    words = [names[0] if names else value for value, names in column.choices.items()]
    offers = (Suggestion(word, word) for word in words)
    return Read("", (_finding("choice", column, *offers, text=text, choices="、".join(words)),))


def _yes_no(column: Column, text: str, _directory: Directory) -> Read:
    for value, words in ((True, _YES), (False, _NO)):
        if plain(text).strip() in words:
            return Read(value)
    offers = (Suggestion("是", "是"), Suggestion("否", "否"))
    return Read(None, (_finding("yes_no", column, *offers, text=text),))


def _date(column: Column, text: str, directory: Directory) -> Read:
    day = deadlines.parse(text, year=directory.year)
    if day.kind is deadlines.Kind.DATE and day.due_on and not day.is_standing:
        return Read(day.due_on)
    findings = day.findings or (_finding("date", column, text=text),)
    if column.must_match:
        findings = tuple(replace(finding, level=Level.FAULT) for finding in findings)
    return Read(None, findings)


def _units(column: Column, text: str, directory: Directory) -> Read:
    parts = split(text, directory.units)
    ids: list[int] = []
    unknown: list[str] = []
    categories: list[str] = []
    everyone = False
    findings: list[Finding] = []
    for name in parts.names:
        if live := group(name):
            everyone = everyone or live.everyone
            categories += live.categories
            if live.categories:
                findings.append(
                    replace(_finding("category_group", column, text=name), level=Level.DOUBT)
                )
            continue
        found = directory.units.match(name).found
        ids += [unit.id for unit in found] if len(found) == 1 else []
        if len(found) != 1:
            unknown.append(name)
            findings.append(_who("unit", column, text, name, found, directory.units))
    if parts.open_ended:
        findings.append(replace(_finding("and_others", column, text=text), level=Level.DOUBT))
    read_units = UnitsRead(
        tuple(dict.fromkeys(ids)), everyone, tuple(dict.fromkeys(categories)), tuple(unknown)
    )
    return Read(read_units, tuple(findings))


def _unit(column: Column, text: str, directory: Directory) -> Read:
    units, findings = _units(column, text, directory)
    if findings:
        return Read(None, findings)
    if units.everyone or len(units.ids) != 1:
        return Read(None, (_finding("one_unit", column),))
    return Read(units.ids[0])


def _people(column: Column, text: str, directory: Directory) -> Read:
    ids: list[int] = []
    findings: list[Finding] = []
    for name in split(text, directory.people).names:
        found = directory.people.match(name).found
        if len(found) == 1:
            ids.append(found[0].id)
        else:
            findings.append(_who("person", column, text, name, found, directory.people))
    return Read(tuple(dict.fromkeys(ids)), tuple(findings))


def _person(column: Column, text: str, directory: Directory) -> Read:
    people, findings = _people(column, text, directory)
    if findings:
        return Read(None, findings)
    if len(people) != 1:
        return Read(None, (_finding("one_person", column),))
    return Read(people[0])


_SEVERAL = {"unit": "several_units", "person": "several_people"}


def _who(
    what: str, column: Column, text: str, name: str, found: tuple[Named, ...], names: Names
) -> Finding:
    """Nobody of this name, or several: offer the likest, each as the whole cell with one name put right."""
    code = _SEVERAL[what] if found else f"unknown_{what}"
    offered = (found or names.alike(name))[: OFFERED if not found else None]
    suggestions = (
        Suggestion(named.label or named.name, _with(text, name, _told_apart(named, names)))
        for named in offered
    )
    return _finding(code, column, *suggestions, text=_as_written(text, name))


def _told_apart(named: Named, names: Names) -> str:
    """The name, or the first alias where the name alone does not say who."""
    alone = len(names.match(named.name).found) == 1
    return named.name if alone or not named.aliases else named.aliases[0]


def _place(text: str, name: str) -> slice | None:
    """Where a name, which is plain text, stands in the cell, whose script and width are its own."""
    normal = plain(text)
    at = normal.find(name)
    return slice(at, at + len(name)) if at >= 0 and len(normal) == len(text) else None


def _as_written(text: str, name: str) -> str:
    place = _place(text, name)
    return text[place] if place else name


def _with(text: str, name: str, instead: str) -> str:
    """The cell with one of its names replaced."""
    if place := _place(text, name):
        return text[: place.start] + instead + text[place.stop :]
    return instead if key(text) == key(name) else plain(text).replace(name, instead)


_READERS: dict[Kind, Callable[[Column, str, Directory], Read]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.UNIT: _unit,
    Kind.UNITS: _units,
    Kind.PERSON: _person,
    Kind.PEOPLE: _people,
}
_EMPTY: dict[Kind, object] = {
    Kind.DEADLINE: deadlines.Deadline(""),
    Kind.YES_NO: None,
    Kind.DATE: None,
    Kind.UNIT: None,
    Kind.UNITS: UnitsRead(),
    Kind.PERSON: None,
    Kind.PEOPLE: (),
}
