"""The copy of a file that others see: upright, small enough, and without the place it was made at."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.files.judging import (
    JPEG,
    MAIN_PARTS,
    PNG,
    WEBP,
    FileRefusedError,
    Kind,
    damaged_document,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_PIXELS = 2560
"""The longer side of the copy that is shown: enough to judge a photograph by, quick on a phone."""


def without_position(content: bytes, kind: Kind) -> bytes | None:
    """The copy that others see, where it differs from the original; else nothing.

    A picture is drawn anew, upright and without anything said about where and with what it was
    taken. A video keeps its pictures and sound and loses the tables that name the place. The
    photographs in an office document lose what a camera wrote beside the picture.
    """
    if kind.is_picture:
        return _drawn_anew(content, kind)
    if kind.is_video:
        return _video_without_tables(content)
    if kind not in MAIN_PARTS.values():
        return None
    try:
        return _document_with_bare_photographs(content)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as fault:
        raise FileRefusedError(damaged_document()) from fault


def _drawn_anew(content: bytes, kind: Kind) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if kind == JPEG:
                opened.draft("RGB", (SHOWN_PIXELS, SHOWN_PIXELS))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((SHOWN_PIXELS, SHOWN_PIXELS))
            out = io.BytesIO()
            if kind == PNG:
                plain = picture if picture.mode in {"RGB", "RGBA", "L", "LA", "1", "P"} else None
                plain = plain or picture.convert("RGBA")
                bare = Image.new(plain.mode, plain.size)
                if plain.mode == "P" and plain.palette is not None:
                    bare.putpalette(plain.palette)
                bare.paste(plain, (0, 0))
                bare.save(out, "PNG", optimize=False)
            elif kind == WEBP:
                picture.convert("RGBA").save(out, "WEBP", quality=85, exif=b"", xmp=b"")
            else:
                picture.convert("RGB").save(out, "JPEG", quality=85, optimize=True, exif=b"")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise FileRefusedError(
            _("The picture is damaged. Open it, save it again and choose the new file.")
        ) from fault
    return out.getvalue()


_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_TELLING = frozenset({b"udta", b"meta", b"uuid", b"XMP_"})


def _video_without_tables(content: bytes) -> bytes:
    """Rename the tables that may hold a place to ``free``: nothing moves, players skip them."""
    bare = bytearray(content)
    for at, size, header, name in _boxes(content, 0, len(content)):
        if name in _TELLING:
            bare[at + 4 : at + 8] = b"free"
            bare[at + header : at + size] = bytes(size - header)
    return bytes(bare)


def _boxes(
    content: bytes, start: int, end: int, depth: int = 0
) -> Iterator[tuple[int, int, int, bytes]]:
    """The boxes of a video with where they begin, how long they and their heads are, and their names."""
    at = start
    while at + 8 <= end:
        size, header = int.from_bytes(content[at : at + 4], "big"), 8
        name = content[at + 4 : at + 8]
        if size == 1:
            size, header = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < header or at + size > end:
            raise FileRefusedError(_("The video is damaged. Record it again or send pictures."))
        yield at, size, header, name
        if name in _HOLDERS and depth < 8:
            yield from _boxes(content, at + header, at + size, depth + 1)
        at += size


def _document_with_bare_photographs(content: bytes) -> bytes | None:
    """The same document; nothing where no photograph in it says anything."""
    out, changed = io.BytesIO(), False
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for part in package.infolist():
            held = package.read(part)
            bare = _jpeg_without_remarks(held) if held.startswith(b"\xff\xd8\xff") else held
            changed = changed or bare != held
            copy.writestr(part, bare)
    return out.getvalue() if changed else None


_REMARKS = frozenset({0xE1, 0xED, 0xFE})
"""The segments of a JPEG for Exif and XMP, for Photoshop, and for a comment."""
_SCAN = 0xDA


def _jpeg_without_remarks(content: bytes) -> bytes:
    """Leave segments out up to the picture itself, which is copied as it is."""
    bare, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at + 1] not in _REMARKS:
            bare += content[at:end]
        at = end
    return bytes(bare + content[at:])


def thumbnail(path: str, *, side: int = 320) -> bytes:
    """A small JPEG of a stored picture, made while somebody waits: quick, and kept by his browser."""
    with default_storage.open(path, "rb") as stored, Image.open(stored) as opened:
        opened.draft("RGB", (side, side))
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((side, side))
        flat = Image.new("RGB", picture.size, "white")
        with_alpha = picture.convert("RGBA")
        flat.paste(with_alpha, (0, 0), with_alpha)
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=80)
    return out.getvalue()
