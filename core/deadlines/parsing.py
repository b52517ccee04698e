"""From the text of a cell to a deadline, with everything said that could not be read for certain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from core.deadlines import phrases
from core.deadlines.deadline import Day, Deadline, Kind, last_day
from core.findings import Finding, Suggestion
from core.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

SERIALS = range(36_526, 73_051)
"""Day numbers of the years 2000 to 2099: what a spreadsheet shows when a date lost its format."""
_DAY_ZERO = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
_LONGEST_SHOWN = 40
LONGEST = 200
"""No deadline takes more words; a whole page in the cell is not searched for one."""

_MESSAGES = {
    "no_year": gettext_noop("“%(text)s” names no year."),
    "short_year": gettext_noop("“%(text)s” writes the year with two digits."),
    "no_month": gettext_noop("“%(text)s” names no month."),
    "impossible": gettext_noop("“%(text)s”: there is no %(day)s."),
    "misread_dash": gettext_noop("“%(text)s”: the sign 一 was read as a dash."),
    "vague": gettext_noop("“%(text)s” does not say up to which day."),
    "before": gettext_noop("“%(text)s” may or may not include the period that it names."),
    "open_ended": gettext_noop("“%(text)s” has a beginning and no end."),
    "reversed": gettext_noop("“%(text)s” ends before it begins."),
    "several": gettext_noop("“%(text)s” names several deadlines."),
    "relative": gettext_noop("“%(text)s” counts from a day that it does not name."),
    "repeats": gettext_noop("“%(text)s” comes round again and again."),
    "placeholder": gettext_noop("“%(text)s” still has a placeholder in it."),
    "serial": gettext_noop("“%(text)s” looks like the number of a date that lost its format."),
    "more": gettext_noop("“%(text)s”: the words “%(more)s” were not read."),
    "unread": gettext_noop("“%(text)s” could not be read as a deadline; it stays as written."),
}


def parse(text: str | date | None, *, year: int | None = None, epoch: int = 1900) -> Deadline:
    """Read a deadline. ``year`` (the campaign's) and ``epoch`` (1904: old Mac files) only feed suggestions."""
    written = f"{text:%Y-%m-%d}" if isinstance(text, date) else (text or "").strip()
    if not written:
        return Deadline("")
    deadline = _read(written, epoch)
    return replace(deadline, findings=tuple(_with_suggestions(deadline, year)))


def _read(written: str, epoch: int) -> Deadline:
    if len(written) > LONGEST:
        return Deadline(written, Kind.UNREAD, findings=(_finding("unread", written),))
    text = plain(written).strip()
    if (serial := phrases.SERIAL.fullmatch(text)) and int(serial[1]) in SERIALS:
        day = _DAY_ZERO[epoch] + timedelta(days=int(serial[1]))
        suggestion = Suggestion(day.isoformat(), day.isoformat())
        return Deadline(written, Kind.UNREAD, findings=(_finding("serial", written, suggestion),))
    canonical = phrases.canonical(text)
    if phrases.PLACEHOLDER.search(canonical):
        return Deadline(written, Kind.UNREAD, findings=(_finding("placeholder", written),))
    return _Reader(written, canonical, "".join(text.split())).deadline()


def _finding(code: str, written: str, *suggestions: Suggestion, **params: str) -> Finding:
    shown = written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}…"
    return Finding(
        f"deadline.{code}", _MESSAGES[code], {"text": shown, **params}, suggestions=suggestions
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One point of time as written, from its first to its last day: a day, 中旬, a month, a year."""

    first: Day
    last: Day
    trouble: str = ""

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last


class _Reader:
    """Takes a canonical text apart; what it cannot be certain of goes to ``findings``."""

    def __init__(self, written: str, canonical: str, unspaced: str) -> None:
        self.written = written
        self.text = canonical
        self.findings: list[Finding] = []
        self.misread = bool(phrases.MISREAD_DASH.search(unspaced))

    def say(self, code: str, **params: str) -> None:
        if code not in {finding.code.removeprefix("deadline.") for finding in self.findings}:
            self.findings.append(_finding(code, self.written, **params))

    def deadline(self) -> Deadline:
        self.text, standing = phrases.STANDING.subn("", self.text)
        self.text, at_once = phrases.AT_ONCE.subn("", self.text)
        kind, start, end = self._dates(is_word=bool(standing or at_once))
        if kind is Kind.UNREAD and (standing or at_once):
            kind = Kind.AT_ONCE if at_once else Kind.STANDING
        if self.misread:
            self.say("misread_dash")
        return Deadline(
            self.written, kind, start, end, bool(at_once), bool(standing), tuple(self.findings)
        )

    def _dates(self, *, is_word: bool) -> tuple[Kind, Day | None, Day | None]:
        self.text, repeats = phrases.REPEATS.subn("", self.text)
        self.text, spans = phrases.SPAN.subn("", self.text)
        points = list(phrases.POINT.finditer(self.text))
        if repeats or spans:
            self.say("repeats" if repeats else "relative")
            return Kind.RELATIVE, None, None
        more = phrases.CONNECTIVES.sub("", phrases.POINT.sub("", self.text))
        if not points:
            self._say_more(more, is_word=is_word)
            return Kind.UNREAD, None, None
        if more:
            self.say("more", more=more[:_LONGEST_SHOWN])
        return self._from_points(points)

    def _say_more(self, more: str, *, is_word: bool) -> None:
        if not is_word:
            self.say("unread")
        elif more:
            self.say("more", more=more[:_LONGEST_SHOWN])

    def _from_points(self, points: list[re.Match[str]]) -> tuple[Kind, Day | None, Day | None]:
        is_range = len(points) == 2 and re.fullmatch(
            r"[前起,(]*~", self.text[points[0].end() : points[1].start()]
        )
        if len(points) > 1 and not is_range:
            self.say("several")
            return Kind.UNREAD, None, None
        if is_range:
            return self._from_range(*map(_parts, points))
        return self._from_point(points[0])

    def _from_point(self, point: re.Match[str]) -> tuple[Kind, Day | None, Day | None]:
        rest = self.text[point.end() :]
        stretch = _stretch(_parts(point))
        if stretch.trouble:
            self.say(stretch.trouble)
            return Kind.UNREAD, None, None
        if rest.startswith("起"):
            self.say("open_ended")
            return Kind.PERIOD, self._certain(stretch.first), None
        if not stretch.is_one_day and phrases.BEFORE.match(rest) and not _ends_by_name(point):
            self.say("before")
            return Kind.UNREAD, None, None
        end = self._certain(stretch.last)
        if stretch.is_one_day:
            return Kind.DATE, None, end
        return Kind.PERIOD, self._certain(stretch.first), end

    def _from_range(
        self, first: dict[str, str], last: dict[str, str]
    ) -> tuple[Kind, Day | None, Day | None]:
        """A year or month that one side leaves out is the other side's."""
        if "lone_day" in last and "month" in first:
            last = {"month": first["month"], "day": last["lone_day"]} | _year_of(last)
        last = _year_of(first) | last
        first = _year_of(last) | first
        begins, ends = _stretch(first), _stretch(last)
        for trouble in filter(None, (begins.trouble, ends.trouble)):
            self.say(trouble)
        start = None if begins.trouble else self._certain(begins.first)
        end = None if ends.trouble else self._certain(ends.last)
        if start and end and _order(end) < _order(start):
            self.say("reversed")
            end = None
        return (Kind.PERIOD if start or end else Kind.UNREAD), start, end

    def _certain(self, day: Day) -> Day:
        """The day as written; what keeps it from being a date is said."""
        if not day.exists:
            self.say("impossible", day=str(day))
        if day.year is None:
            self.say("no_year")
        return day


def _parts(point: re.Match[str]) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in point.groupdict().items() if value}


def _year_of(parts: dict[str, str]) -> dict[str, str]:
    return {"year": parts["year"]} if "year" in parts else {}


def _order(day: Day) -> tuple[int, int, int]:
    return (day.year or 0, day.month, day.day)


def _ends_by_name(point: re.Match[str]) -> bool:
    """Whether the words say where it ends, as 中旬 does and a bare 6月 does not."""
    return not {"third", "part", "half", "quarter", "year_part"}.isdisjoint(_parts(point))


def _stretch(parts: dict[str, str]) -> _Stretch:
    year = int(parts["year"]) if parts.get("year", "").isdigit() else None
    if year is not None and year < 100:
        return _Stretch(Day(None, 0, 0), Day(None, 0, 0), "short_year")
    if "lone_day" in parts:
        return _Stretch(Day(None, 0, 0), Day(None, 0, 0), "no_month")
    if parts.get("part", parts.get("year_part")) in {"初", "中"}:
        return _Stretch(Day(None, 0, 0), Day(None, 0, 0), "vague")
    if "month" in parts:
        return _within_month(year, int(parts["month"]), parts)
    return _within_year(year, parts)


def _within_month(year: int | None, month: int, parts: dict[str, str]) -> _Stretch:
    last = last_day(year, month)
    if "day" in parts:
        days = (int(parts["day"]), int(parts["day"]))
    elif "third" in parts:
        days = {"上": (1, 10), "中": (11, 20), "下": (21, last)}[parts["third"][0]]
    else:
        days = (last if "part" in parts else 1, last)
    return _Stretch(Day(year, month, days[0]), Day(year, month, days[1]))


def _within_year(year: int | None, parts: dict[str, str]) -> _Stretch:
    first, last = 1, 12
    if "quarter" in parts:
        last = int(parts["quarter"]) * 3
        first = last - 2
    elif "half" in parts:
        first, last = (1, 6) if parts["half"][0] == "上" else (7, 12)
    elif parts.get("year_part") in {"底", "末"}:
        return _Stretch(Day(year, 12, 31), Day(year, 12, 31))
    return _Stretch(Day(year, first, 1), Day(year, last, last_day(year, last)))


def _with_suggestions(deadline: Deadline, year: int | None) -> Iterator[Finding]:
    """Offer what the writer may have meant; only what reads as a full date is offered."""
    wanted = deadline.findings and len(deadline.text) <= LONGEST
    candidates = list(_candidates(deadline.text, year)) if wanted else []
    offers = tuple(
        Suggestion(text, text)
        for text in dict.fromkeys(candidates)
        if text != deadline.text and _read(text, 1900).due_on
    )
    for finding in deadline.findings:
        yield finding if finding.suggestions else replace(finding, suggestions=offers)


def _candidates(written: str, year: int | None) -> Iterator[str]:
    text = phrases.iso_in_words(unicodedata.normalize("NFKC", written))
    text = phrases.MISREAD_DASH.sub("—", text)
    text = re.sub(r"(?<!\d)(\d\d)(?=\s*年\s*\d)", r"20\1", text)
    if not re.search(r"\d{4}\s*年", text) and year:
        text = _dated(text, year)
    named = re.search(r"(\d{4})\s*年", text)
    year = int(named[1]) if named else None
    yield phrases.MONTH_AND_DAY.sub(lambda day: _possible(day, year), text)
    if bare := re.search(r"(?<=月)份?(?=之?前|以前)", text):
        yield f"{text[: bare.start()]}底{text[bare.end() :]}"
    yield from re.split(r"\s*[,;、]\s*", text)


def _dated(text: str, year: int) -> str:
    if "明年" in text:
        return text.replace("明年", f"{year + 1}年")
    return phrases.WANTS_A_YEAR.sub(
        lambda place: f"{year}年" if place[0][0] in "今本当當" else f"{year}年{place[0]}",
        text,
        count=1,
    )


def _possible(day: re.Match[str], year: int | None) -> str:
    month, number, unit = int(day[1]), int(day[2]), day[3]
    return f"{month}月{min(number, last_day(year, month))}{unit}"
