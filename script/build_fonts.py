#!/usr/bin/env python3
"""Make static/fonts/ anew: the maintainer's tool, run seldom, its results are committed.

Fetches the sources from Debian and PyPI, cuts them to the characters of GB 2312 and the signs that
offices use (the universal fallback stays whole), names the cut fonts anew as their licences ask,
and writes licences and checksums beside them. Needs apt-get, dpkg-deb and pip; about three minutes.

    .venv/bin/python script/build_fonts.py [FOLDER WITH PACKAGES ALREADY FETCHED]
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
DEBIAN = ("texlive-lang-chinese", "fonts-lxgw-wenkai", "fonts-noto-cjk-extra")
WHEEL = "pylopdf-fonts-zh-cn"
SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x370, 0x400),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x2060),
    *range(0x2070, 0x20C0),
    *range(0x2100, 0x2190),
    *range(0x2190, 0x2400),
    *range(0x2460, 0x2600),
    *range(0x2600, 0x2670),
    0x2713,
    0x2714,
    0x2717,
    0x2718,
    *range(0x3000, 0x3040),
    *range(0x3200, 0x3400),
    *range(0xFE30, 0xFE50),
    *range(0xFF00, 0xFFF0),
)


@dataclass(frozen=True)
class Font:
    """One file of ours: where it comes from, and what it is called after the cut."""

    folder: str
    family: str
    source: str
    suffix: str
    licence: str
    face: int = -1
    whole: bool = False
    flavor: str = ""


OPENTYPE = "usr/share/fonts/opentype/noto/"
FONTS = (
    Font(
        "fandol",
        "Paper Fang",
        "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        "otf",
        "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
    ),
    Font(
        "wenkai",
        "Paper Kai",
        "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "ttf",
        "usr/share/doc/fonts-lxgw-wenkai/copyright",
    ),
    Font(
        "noto-sans",
        "Paper Hei",
        "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf",
        "otf",
        "pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE",
    ),
    Font(
        "noto-sans",
        "Paper Hei",
        "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf",
        "woff2",
        "pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE",
        flavor="woff2",
    ),
    Font(
        "noto-serif",
        "Paper Biaosong",
        OPENTYPE + "NotoSerifCJK-Black.ttc",
        "otf",
        "pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE",
        face=2,
    ),
    Font(
        "noto-serif",
        "Paper Song",
        "pylopdf_fonts_zh_cn/NotoSerifSC-Regular.otf",
        "otf",
        "pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE",
        whole=True,
    ),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        packages = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(Path(work))
        files = unpack(packages, Path(work) / "files")
        for font in FONTS:
            make(font, files)
    write_checksums()


def fetch(folder: Path) -> Path:
    subprocess.run(["apt-get", "download", *DEBIAN], cwd=folder, check=True)  # noqa: S607
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder), WHEEL],
        check=True,
    )
    return folder


def unpack(packages: Path, files: Path) -> Path:
    files.mkdir()
    for package in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", str(package), str(files)], check=True)  # noqa: S607
    for wheel in packages.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(files)
    return files


def make(font: Font, files: Path) -> None:
    folder = TARGET / font.folder
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{font.family.replace(' ', '')}.{font.suffix}"
    if font.whole:
        shutil.copyfile(files / font.source, target)
    else:
        cut(font, files / font.source, target)
    [licence] = files.glob(font.licence)
    text = licence.read_bytes()
    name = "COPYING" if font.folder == "fandol" else "LICENSE"
    (folder / name).write_bytes(gzip.decompress(text) if licence.suffix == ".gz" else text)
    target.chmod(0o644)
    print(f"{target.relative_to(TARGET)}: {target.stat().st_size / 1e6:.1f} MB")


def cut(font: Font, source: Path, target: Path) -> None:
    options = subset.Options(
        layout_features=["ccmp", "kern", "mark", "mkmk"],
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=["*"],
        name_languages=[0x409],
        drop_tables=["BASE", "VORG", "vhea", "vmtx", "DSIG", "PCLT", "LTSH", "MATH"],
        font_number=max(font.face, 0),
        flavor=font.flavor or None,
    )
    face = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(face)
    rename(face, font.family)
    subset.save_font(face, str(target), options)


def wanted() -> set[int]:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {*SIGNS, *(ord(sign) for pair in pairs for sign in pair.decode("gb2312", "ignore"))}


def rename(face: TTFont, family: str) -> None:
    """A changed font may not carry the reserved name; its authors stay named."""
    names = {1: family, 3: f"{family} cut", 4: family, 6: family.replace(" ", ""), 16: family}
    table = face["name"]
    table.names = [record for record in table.names if record.platformID == 3]
    for record in list(table.names):
        if record.nameID in (18, 21, 22, 25):
            table.names.remove(record)
        elif record.nameID in names:
            record.string = names[record.nameID]
    if "CFF " in face:
        compact = face["CFF "].cff
        compact.fontNames = [names[6]]
        for key in ("FullName", "FamilyName"):
            if hasattr(compact[0], key):
                setattr(compact[0], key, family)


def write_checksums() -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(TARGET)}\n"
        for path in sorted(TARGET.rglob("*"))
        if path.is_file() and path.name not in {"SHA256SUMS", "README.md"}
    ]
    (TARGET / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    main()
