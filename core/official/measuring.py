"""The characters of our fonts, measured: how wide, how high, and in which font they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from core import fonts

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK = ("song", "hei", "kai")
USE_TYPO_METRICS = 1 << 7
# Signs as wide as a character in Chinese, though a font may have them at their Western width.
WIDE_SIGNS = frozenset("“”‘’·—…")
WIDE = 0.95
DEFAULT_WIDTH = 1.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What one font file says of itself, in ems."""

    widths: dict[int, float]
    ascent: float
    descent: float


def width(role: str, character: str) -> float:
    """How far the character reaches in that role, in ems: by the first font that has it."""
    return widths(role)[character]


def widths(role: str) -> Mapping[str, float]:
    """The widths of all characters in that role: look once, ask for each."""
    return _widths(fonts.faces(), role)


def standing_role(role: str, character: str) -> str:
    """The role a character is set in: Chinese quotation marks are never of Western width."""
    if character in WIDE_SIGNS and width(role, character) < WIDE:
        return "fang"
    return role


def baseline(role: str, line: float) -> float:
    """How far the baseline lies under the top of a line of that height, in ems of the font."""
    first = _measures(_stack(role)[0])
    return (line - first.ascent - first.descent) / 2 + first.ascent


def ink(role: str, text: str) -> tuple[float, float]:
    """The lowest and the highest ink of the text over its baseline, in ems."""
    bounds = [found for character in text if (found := _ink(_stack(role), character))]
    return min((low for low, _high in bounds), default=0), max(
        (high for _low, high in bounds), default=0
    )


class _Widths(dict[str, float]):
    """The widths in one role, looked up once for each character."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._fonts = [_measures(face).widths for face in _stack(role)]

    def __missing__(self, character: str) -> float:
        code = ord(character)
        found = next((widths[code] for widths in self._fonts if code in widths), DEFAULT_WIDTH)
        self[character] = found
        return found


@lru_cache
def _widths(_faces: tuple[fonts.Face, ...], role: str) -> _Widths:
    return _Widths(role)


def _stack(role: str) -> tuple[fonts.Face, ...]:
    """The fonts in the order in which core.fonts hands them to the printer."""
    faces = fonts.faces()
    own = [face for face in faces if face.role == role]
    return tuple(dict.fromkeys([*own, *(face for face in faces if face.role in FALLBACK)]))


@lru_cache
def _measures(face: fonts.Face) -> Measures:
    with TTFont(face.path, lazy=True) as font:
        em = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        widths = {code: advances[name][0] / em for code, name in font.getBestCmap().items()}
        if font["OS/2"].fsSelection & USE_TYPO_METRICS:
            ascent, descent = font["OS/2"].sTypoAscender, -font["OS/2"].sTypoDescender
        else:
            ascent, descent = font["hhea"].ascent, -font["hhea"].descent
        return Measures(widths, ascent / em, descent / em)


@lru_cache(maxsize=256)
def _ink(stack: tuple[fonts.Face, ...], character: str) -> tuple[float, float] | None:
    for face in stack:
        if ord(character) not in _measures(face).widths:
            continue
        with TTFont(face.path, lazy=True) as font:
            glyphs = font.getGlyphSet()
            pen = BoundsPen(glyphs)
            glyphs[font.getBestCmap()[ord(character)]].draw(pen)
            em = font["head"].unitsPerEm
        return (pen.bounds[1] / em, pen.bounds[3] / em) if pen.bounds else None
    return None
