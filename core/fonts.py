"""The fonts of paper: ours, and a hospital's licensed ones before them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont, TTLibError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Face:
    """One font file in one role."""

    role: str
    family: str
    url: str
    path: Path


OURS = {
    "fang": ("Paper Fang", "fonts/fandol/PaperFang.otf"),
    "kai": ("Paper Kai", "fonts/wenkai/PaperKai.ttf"),
    "hei": ("Paper Hei", "fonts/noto-sans/PaperHei.otf"),
    "biaosong": ("Paper Biaosong", "fonts/noto-serif/PaperBiaosong.otf"),
    "song": ("Paper Song", "fonts/noto-serif/PaperSong.otf"),
}

# What the licensed fonts call themselves, by the role they fill.
LICENSED = {
    "fang": {"仿宋_gb2312", "fangsong_gb2312", "仿宋", "fangsong", "华文仿宋", "stfangsong"},
    "kai": {"楷体_gb2312", "kaiti_gb2312", "楷体", "kaiti", "simkai", "华文楷体", "stkaiti"},
    "hei": {"黑体", "simhei", "华文黑体", "stheiti"},
    "biaosong": {"方正小标宋简体", "fzxiaobiaosong-b05s", "方正小标宋_gbk", "fzxiaobiaosong-b05"},
    "song": {"宋体", "simsun", "新宋体", "nsimsun", "华文宋体", "stsong"},
}
FAMILY_NAMES = (1, 4, 16)


def faces() -> tuple[Face, ...]:
    """Every font of the stack: the hospital's own first, then ours."""
    return _faces(str(getattr(settings, "FONT_DIR", "") or ""))


@lru_cache
def _faces(folder: str) -> tuple[Face, ...]:
    ours = []
    for role, (family, name) in OURS.items():
        path = finders.find(name)
        if not path:
            raise FileNotFoundError(name)
        ours.append(Face(role, family, f"static:{name}", Path(path)))
    return (*_licensed(folder), *ours)


def _licensed(folder: str) -> Iterator[Face]:
    if not folder:
        return
    for path in sorted(Path(folder).iterdir()):
        if path.suffix.lower() not in {".ttf", ".otf"}:
            continue
        names = _names(path)
        for role, known in LICENSED.items():
            if names & known:
                yield Face(role, f"Own {role.title()}", f"font:{path.name}", path)


def _names(path: Path) -> set[str]:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            records = font["name"].names
            return {
                record.toUnicode(errors="replace").strip().lower()
                for record in records
                if record.nameID in FAMILY_NAMES
            }
    except (OSError, TTLibError):
        return set()


def licensed_roles() -> frozenset[str]:
    """The roles that a licensed font fills; only then may a document claim the standard's fonts."""
    return frozenset(face.role for face in faces() if face.url.startswith("font:"))


def coverage() -> frozenset[int]:
    """Every character that some font of the stack can print."""
    return _coverage(faces())


@lru_cache
def _coverage(stack: tuple[Face, ...]) -> frozenset[int]:
    covered: set[int] = set()
    for face in stack:
        with TTFont(face.path, lazy=True) as font:
            covered |= font.getBestCmap().keys()
    return frozenset(covered)


def stylesheet() -> str:
    """The ``@font-face`` rules, and one custom property per role, each ending in every font.

    A character falls through the whole stack, so that a name like 𬱟 prints in any role.
    """
    rules = [
        f'@font-face {{ font-family: "{face.family}"; src: url("{face.url}"); }}'
        for face in faces()
    ]
    everything = [face.family for face in faces() if face.role in {"song", "hei", "kai"}]
    variables = []
    for role in OURS:
        families = [face.family for face in faces() if face.role == role]
        stack = dict.fromkeys([*families, *everything])
        variables.append(f"--{role}: " + ", ".join(f'"{family}"' for family in stack) + ";")
    return "\n".join([*rules, "html {", *variables, "}"])
