"""An official paper onto paper: what CSS cannot work out is worked out here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.documents import render_pdf
from core.official.flow import Run, passages
from core.official.forms import Facts, Signatures
from core.official.grid import CELL, PITCH, POINT, SIZE_4
from core.official.letter import LEADING, letter_places
from core.official.lines import set_lines, text_width
from core.official.measuring import baseline, ink
from core.official.paper import (
    NOTE_LABEL,
    OfficialPaper,
    Table,
    numbered,
)
from core.official.placing import (
    MARK_TOP,
    SIGNING_INDENT,
    mark_size,
    signed_at,
    signing_places,
)
from core.official.titles import title_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.official.forms import Fact, SigningLine
    from core.official.lines import Line
    from core.official.paper import Block
    from core.official.placing import SigningPlaces

LANGUAGE = "zh-CN"
# The rule lies this far under the number (7.2.7), the dash of a page number under the type area
# (7.5), in millimetres.
RULE_GAP, DASH_GAP = 4, 7
# An em square reaches this far under the baseline, in ems.
UNDER_BASELINE = 0.12


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as the template meets it: its kind, its lines, and the name of the place."""

    kind: str
    field: str
    lines: Sequence[tuple[str, Line]] = ()
    table: Table | None = None
    shares: Sequence[int] = ()
    facts: Sequence[Sequence[tuple[Fact, str]]] = ()
    signing: Sequence[Signing] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """A line to sign on: its label, over it or before it, and the blanks of its date."""

    field: str
    over: Sequence[tuple[str, Line]]
    before: str
    day: str


@dataclass(slots=True)
class Measures:
    """The rules of this one paper: a class for every spacing and share that occurs in it."""

    spacings: dict[float, str] = field(default_factory=dict)
    shares: set[int] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)

    def spaced(self, lines: Sequence[Line]) -> list[tuple[str, Line]]:
        return [
            (self.spacings.setdefault(line.spacing, f"s{len(self.spacings)}"), line)
            for line in lines
        ]

    def stylesheet(self) -> str:
        rules = [f".{name} {{ letter-spacing: {by}pt; }}" for by, name in self.spacings.items()]
        rules += [f".w{share} {{ width: {share}%; }}" for share in sorted(self.shares)]
        rules += [f"{place} {{ {rule} }}" for place, rule in self.places.items()]
        return "\n".join(rules)


def render_official(paper: OfficialPaper) -> bytes:
    """The paper as PDF: tagged, in Chinese, with title, author and subject (GB/T 9704-2012)."""
    context, measures = composed(paper)
    return render_pdf("core/documents/official.html", context, title=paper.title, measures=measures)


def composed(paper: OfficialPaper) -> tuple[dict[str, Any], str]:
    """What the template needs, and the rules that hold for this paper alone."""
    measures = Measures()
    measures.places |= _head_places(paper) | _signature_places(paper) | _page_number_place()
    context = {
        "paper": paper,
        "language": LANGUAGE,
        "title_lines": title_lines(paper.title),
        "recipient": _set(measures, paper.addressed, indent=0),
        "pieces": list(_pieces(paper.body, measures)),
        "notes": _attachment_notes(paper, measures),
        "note": _set(measures, paper.noted),
        "attachments": [
            (label, one, title_lines(one.title), list(_pieces(one.body, measures)))
            for label, one in paper.labelled_attachments
        ],
    }
    return context, measures.stylesheet()


def _set(measures: Measures, text: str, *, indent: int = 2) -> list[tuple[str, Line]]:
    return measures.spaced(set_lines([Run("fang", text)], indent=indent)) if text else []


def _pieces(blocks: Sequence[Block], measures: Measures) -> Iterator[Piece]:
    paragraphs = 0
    for block, number in numbered(blocks):
        if isinstance(block, Table):
            yield _table(block, measures)
            continue
        if isinstance(block, Facts):
            yield _facts(block, measures)
            continue
        if isinstance(block, Signatures):
            yield _signatures(block, measures)
            continue
        paragraphs += 1
        name = block.field or _("paragraph %(number)s") % {"number": paragraphs}
        for passage in passages(block, number):
            lines = measures.spaced(set_lines(passage.runs, indent=passage.indent))
            yield Piece(passage.kind, name, lines=lines)


def _table(table: Table, measures: Measures) -> Piece:
    shares = table.shares
    measures.shares.update(shares)
    return Piece("table", table.caption, table=table, shares=shares)


def _facts(facts: Facts, measures: Measures) -> Piece:
    """A row is as high as the room that is asked for by the hand."""
    rows = [[(fact, f"room-{fact.room}") for fact in row] for row in facts.rows]
    for fact in facts.facts:
        measures.places[f".room-{fact.room}"] = f"height: {fact.room * PITCH:.3f}mm;"
    measures.shares.update(facts.shares)
    return Piece("facts", "", shares=facts.shares, facts=rows)


def _signatures(signatures: Signatures, measures: Measures) -> Piece:
    """The blank is drawn from one place to the next; what is before it is as wide as that."""
    places = signing_places(signatures)
    named = f"signing-{len(measures.places)}"
    measures.places |= {
        f".{named} .signer": f"width: {(places.begin - SIGNING_INDENT) * CELL:.3f}mm;",
        f".{named} .to-sign": f"width: {(places.end - places.begin) * CELL:.3f}mm;",
        f".{named} .day-blanks": f"margin-left: {(places.day - places.end) * CELL:.3f}mm;",
    }
    return Piece(named, "", signing=[_signing(one, places, measures) for one in signatures.lines])


def _signing(line: SigningLine, places: SigningPlaces, measures: Measures) -> Signing:
    is_apart = line.called in places.apart
    return Signing(
        field=line.label,
        over=_set(measures, line.called) if is_apart else [],
        before="" if is_apart else line.called,
        day=line.dated,
    )


def _attachment_notes(paper: OfficialPaper, measures: Measures) -> list[tuple[str, Any]]:
    """The names of the attachments; a second line begins under the first character (7.3.4)."""
    found = []
    for at, (label, title) in enumerate(paper.attachment_notes):
        begin = 2 + (text_width("fang", NOTE_LABEL) if at else 0)
        hang = begin + text_width("fang", label)
        lines = set_lines([Run("fang", label + title)], indent=begin, hang=hang)
        measures.places[f".note-{at}"] = (
            f"padding-left: {hang * CELL:.3f}mm; text-indent: {(begin - hang) * CELL:.3f}mm;"
        )
        found.append((f"note-{at}", measures.spaced(lines)))
    return found


def _head_places(paper: OfficialPaper) -> dict[str, str]:
    """Where mark, number and rule stand (7.2.4, 7.2.5, 7.2.7; of a letter, 10.1)."""
    if not paper.mark:
        return {}
    size = mark_size(paper) * POINT
    on = baseline("biaosong", 1) * size
    above = on - ink("biaosong", paper.mark)[1] * size
    under = on + UNDER_BASELINE * size - size
    mark = f"font-size: {size:.3f}mm; line-height: {size:.3f}mm;"
    if paper.is_letter:
        return letter_places(mark, above, under)
    return {
        ".mark": f"{mark} margin-top: {MARK_TOP - above:.3f}mm;",
        ".number": f"margin-top: {2 * PITCH + under:.3f}mm;"
        f" padding-bottom: {RULE_GAP - LEADING:.3f}mm;",
    }


def _signature_places(paper: OfficialPaper) -> dict[str, str]:
    organ_from, day_from = signed_at(paper)
    return {
        ".organ": f"margin-left: {organ_from * CELL:.3f}mm;",
        ".day": f"margin-left: {day_from * CELL:.3f}mm;",
    }


def _page_number_place() -> dict[str, str]:
    """The dash lies 7 mm under the type area, whatever font draws it (7.5)."""
    low, high = ink("song", "—")
    dash = (baseline("song", 1) - (low + high) / 2) * SIZE_4 * POINT
    return {
        "@page": f"@bottom-left {{ padding-top: {DASH_GAP - dash:.3f}mm; }}"
        f" @bottom-right {{ padding-top: {DASH_GAP - dash:.3f}mm; }}"
    }
