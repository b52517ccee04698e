"""Files that people hand in: judged by what is in them, stored out of reach, shown without position.

Nothing here knows what a file is for. Whoever calls decides who may hand in and who may read.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import ActionRefusedError
from core.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File
    from django_stubs_ext import StrOrPromise

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_BYTES_OF_VIDEO = 60 * MEGABYTE
MOST_PIXELS = 120_000_000
SHOWN_PIXELS = 2560
"""The longer side of the copy that is shown: enough to judge a photograph by, quick on a phone."""
MOST_PARTS = 5_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_INFLATION = 200
MOST_NAME = 120


class FileRefusedError(ActionRefusedError):
    """A file that is not taken, with a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file we take."""

    content_type: str
    ending: str
    words: StrOrPromise

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_video(self) -> bool:
        return self.content_type.startswith("video/")

    @property
    def most_bytes(self) -> int:
        return MOST_BYTES_OF_VIDEO if self.is_video else MOST_BYTES


_OOXML = "application/vnd.openxmlformats-officedocument."
JPEG = Kind("image/jpeg", ".jpg", pgettext_lazy("file", "picture"))
PNG = Kind("image/png", ".png", pgettext_lazy("file", "picture"))
WEBP = Kind("image/webp", ".webp", pgettext_lazy("file", "picture"))
PDF = Kind("application/pdf", ".pdf", "PDF")
DOCX = Kind(f"{_OOXML}wordprocessingml.document", ".docx", gettext_lazy("Word document"))
XLSX = Kind(f"{_OOXML}spreadsheetml.sheet", ".xlsx", gettext_lazy("Excel workbook"))
PPTX = Kind(f"{_OOXML}presentationml.presentation", ".pptx", gettext_lazy("slides"))
MP4 = Kind("video/mp4", ".mp4", gettext_lazy("video"))
MOV = Kind("video/quicktime", ".mov", gettext_lazy("video"))
TEXT = Kind("text/plain", ".txt", gettext_lazy("plain text"))
KINDS = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, PPTX, MP4, MOV, TEXT)
ACCEPT_DOCUMENTS = ".pdf,.docx,.xlsx,.pptx,.txt,video/mp4,video/quicktime"
"""For a form's field beside one of ``image/*`` alone, which some phones insist on."""
SHOWN_IN_PLACE = frozenset(kind.content_type for kind in (JPEG, PNG, WEBP, PDF, MP4, MOV, TEXT))

_MAIN_PARTS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}
_STARTS = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_QUICKTIME = b"qt  "


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken: what it is, and where the original and the shown copy lie."""

    file_name: str
    kind: Kind
    size: int
    sha256: str
    path: str
    shown_path: str


def judge(content: bytes, name: str) -> Kind:
    """What a file is, by its content; the ending of its name proves nothing."""
    if not content:
        raise FileRefusedError(_("The file is empty. Choose it again."))
    kind: Kind = _by_signature(content, name)
    if len(content) > kind.most_bytes:
        raise FileRefusedError(too_large(kind.most_bytes))
    if kind.is_picture:
        _look_into_picture(content)
    return kind


def too_large(most: int = MOST_BYTES) -> str:
    return _(
        "The file is larger than %(most)s MB. Take the picture in a smaller size, shorten the "
        "video, or divide the document."
    ) % {"most": most // MEGABYTE}


def _by_signature(content: bytes, name: str) -> Kind:
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _ooxml(content)
    if content[4:8] == b"ftyp":
        return _by_brand(content[8:12])
    if content.startswith(_OLD_OFFICE):
        raise FileRefusedError(
            _(
                "This is a document of an old format, or one locked with a password. Save it as "
                ".docx, .xlsx or PDF without a password."
            )
        )
    if loose := _by_loose_signs(content, name):
        return loose
    raise FileRefusedError(
        _(
            "This kind of file is not taken. Send a picture (JPEG, PNG), a PDF, a Word, Excel or "
            "PowerPoint document, or a short video (MP4)."
        )
    )


def _by_loose_signs(content: bytes, name: str) -> Kind | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if b"%PDF-" in content[:1024]:
        return PDF
    return TEXT if name.lower().endswith(".txt") and _is_text(content) else None


def _by_brand(brand: bytes) -> Kind:
    if brand in _HEIF:
        raise FileRefusedError(
            _(
                "Pictures in the phone's own format (HEIC) cannot be opened on office computers. "
                "On the phone choose Settings, Camera, Formats, Most Compatible, or send the "
                "picture as JPEG."
            )
        )
    return MOV if brand == _QUICKTIME else MP4


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return False
    return not re.search(r"[\x00-\x08\x0e-\x1f]", text)


def _ooxml(content: bytes) -> Kind:
    """Which office document a package holds; bombs and macros are refused without unpacking."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {part.filename: part for part in package.infolist()}
            _refuse_bombs(list(parts.values()), len(content))
            kinds = {kind for part, kind in _MAIN_PARTS.items() if part in parts}
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in parts else b""
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as fault:
        raise FileRefusedError(
            _("The document is damaged. Open it, save it again and choose the new file.")
        ) from fault
    if len(kinds) != 1 or not types:
        raise FileRefusedError(
            _("Archives are not taken. Unpack it and choose the files one by one.")
        )
    has_macros = b"macroenabled" in types.lower() or any("vbaproject" in n.lower() for n in parts)
    if has_macros:
        raise FileRefusedError(
            _("The document holds macros. Save it as .docx, .xlsx or .pptx without macros.")
        )
    return kinds.pop()


def _refuse_bombs(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > max(packed, 1) * MOST_INFLATION
    ):
        raise FileRefusedError(
            _("The document unpacks to far more than it should. Save its content in a new file.")
        )


def _look_into_picture(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise FileRefusedError(
                    _("The picture has too many pixels. Take it in a smaller size.")
                )
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise FileRefusedError(
            _("The picture is damaged. Open it, save it again and choose the new file.")
        ) from fault


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
    return _document_with_bare_photographs(content) if kind in _MAIN_PARTS.values() else None


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


def keep(upload: File, *, folder: str) -> Kept:
    """Judge a file, store it under a name of our own and, beside it, the copy that others see.

    Written before any row names it: a crash leaves at most a file that nothing points to.
    """
    if upload.size is not None and upload.size > MOST_BYTES_OF_VIDEO:
        raise FileRefusedError(too_large())
    upload.seek(0)
    content = upload.read()
    name = plain_name(upload.name or "")
    kind = judge(content, name)
    shown = without_position(content, kind)
    stem = f"{folder}/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"
    path = default_storage.save(f"{stem}{kind.ending}", ContentFile(content))
    shown_path = path
    if shown is not None:
        shown_path = default_storage.save(f"{stem}-shown{kind.ending}", ContentFile(shown))
    return Kept(
        file_name=name,
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        shown_path=shown_path,
    )


def forget(kept: Kept) -> None:
    """Remove a file whose row was not written after all."""
    for path in {kept.path, kept.shown_path}:
        default_storage.delete(path)


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


def plain_name(name: str) -> str:
    """The last part of a name, as it may be shown and offered for saving."""
    bare = PurePosixPath(clean(name).replace("\\", "/")).name
    bare = re.sub(r'[\x00-\x1f"<>|:*?]', "_", bare).strip(". ") or _("file")
    stem, dot, ending = bare.rpartition(".")
    if not dot or len(ending) > 8:
        return bare[:MOST_NAME]
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"


def send(path: str, *, name: str, content_type: str, download: bool = False) -> FileResponse:
    """Hand a stored file out so that a browser can do nothing with it but show or save it."""
    in_place = content_type in SHOWN_IN_PLACE and not download
    shown_as = "text/plain; charset=utf-8" if content_type == TEXT.content_type else content_type
    response = FileResponse(
        default_storage.open(path, "rb"),
        as_attachment=not in_place,
        filename=name,
        content_type=shown_as,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # A browser's own PDF viewer does not start in a sandbox.
    shut_in = "object-src 'self'" if content_type == PDF.content_type else "sandbox"
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; "
        f"frame-ancestors 'none'; {shut_in}"
    )
    return response
