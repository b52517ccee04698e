"""What a file is, by its content, and whether it is taken."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from PIL import Image, UnidentifiedImageError

from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_BYTES_OF_VIDEO = 60 * MEGABYTE
MOST_PIXELS = 120_000_000
MOST_PARTS = 5_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_INFLATION = 200


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

MAIN_PARTS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}
_STARTS = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_QUICKTIME = b"qt  "


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
            kinds = {kind for part, kind in MAIN_PARTS.items() if part in parts}
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in parts else b""
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError) as fault:
        raise FileRefusedError(damaged_document()) from fault
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
                raise FileRefusedError(_too_many_pixels())
            picture.verify()
    except Image.DecompressionBombError as fault:
        raise FileRefusedError(_too_many_pixels()) from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        raise FileRefusedError(
            _("The picture is damaged. Open it, save it again and choose the new file.")
        ) from fault


def _too_many_pixels() -> str:
    return _("The picture has too many pixels. Take it in a smaller size.")


def damaged_document() -> str:
    return _("The document is damaged. Open it, save it again and choose the new file.")
