"""Opens an upload without trusting it: judged by content, unpacked within limits, or refused.

What comes out are only the parts that hold cells, each fully unpacked and counted by us, so the
parser never sees a byte that was not looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from core.errors import ActionRefusedError
from core.workbooks.survey import address

if TYPE_CHECKING:
    from core.workbooks.survey import Survey

MOST_BYTES = 10 * 1024 * 1024
"""20,000 rows of 16 columns are 2 MB; what is larger holds pictures or formatting."""
MOST_ROWS = 20_000
"""A hospital's whole ledger of ten years."""
MOST_COLUMNS = 100
"""The widest list found in the field has 19."""
LAST_ROW = MOST_ROWS + 5_000
"""Cells may stand no lower: blank lines between are tolerated, a stray cell in row 1,048,576 is not."""
MOST_BYTES_UNPACKED = 120 * 1024 * 1024
MOST_RATIO = 250
"""Sheets of a million blank bordered rows pack 100 : 1, a bomb 1,000 : 1."""
RATIO_FROM = 2 * 1024 * 1024
"""Smaller parts may pack as well as they like."""
MOST_PARTS = 2_000
MOST_BYTES_READ = 256 * 1024 * 1024

_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?workbook\.xml(?:\.rels)?"
    r"|xl/(?:sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_XML = re.compile(r".*\.(?:xml|rels|vml)", re.IGNORECASE)
_CHUNK = 1024 * 1024
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_SHARED_USE = re.compile(rb"<(?:\w+:)?v>\s*(\d+)\s*<")


class WorkbookRefusedError(ActionRefusedError):
    """A file that cannot be taken, with a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook that hold cells, unpacked and looked at."""

    original: bytes
    parts: dict[str, bytes]

    def repacked(self) -> io.BytesIO:
        """The same parts as a file for the parser."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        file.seek(0)
        return file


def unpack(file: IO[bytes] | bytes, name: str = "") -> Package:
    """The workbook in the file, or :class:`WorkbookRefusedError`."""
    data = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    if not data:
        raise WorkbookRefusedError(_("The file is empty. Choose the file again."))
    if len(data) > MOST_BYTES:
        raise WorkbookRefusedError(
            _(
                "The file is larger than %(limit)s MB. Remove pictures, or split the list into several files."
            )
            % {"limit": MOST_BYTES // 1024 // 1024}
        )
    if not data.startswith(b"PK\x03\x04"):
        raise WorkbookRefusedError(_what_else(data, PurePath(name).suffix.lower()))
    try:
        return Package(data, _parts(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise WorkbookRefusedError(
            _("The file is damaged. Open it in Excel or WPS, save it as .xlsx and upload it again.")
        ) from fault


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _judge_names([entry.filename for entry in entries])
        _judge_sizes(entries)
        parts: dict[str, bytes] = {}
        room = MOST_BYTES_UNPACKED
        for entry in entries:
            if not _XML.fullmatch(entry.filename):
                continue
            content = _unpacked(archive, entry, room)
            room -= len(content)
            _judge_xml(entry.filename, content)
            if _WANTED.fullmatch(entry.filename):
                parts[entry.filename] = content
        return parts


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """The part, counted while it is unpacked: what the directory says of its size is only a claim."""
    pieces: list[bytes] = []
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK):
            room -= len(piece)
            if room < 0:
                raise WorkbookRefusedError(_too_much_inside())
            pieces.append(piece)
    return b"".join(pieces)


def _too_much_inside() -> str:
    return _(
        "Unpacked, the file is far too large. Copy only the table into a new workbook, save it as .xlsx and upload that."
    )


def _judge_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    bombs = (
        entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if unpacked > MOST_BYTES_UNPACKED or len(entries) > MOST_PARTS or any(bombs):
        raise WorkbookRefusedError(_too_much_inside())


def _judge_names(names: list[str]) -> None:
    """Everything that a workbook of plain cells does not have is a reason to ask for one."""
    lower = [name.lower().replace("\\", "/") for name in names]
    if len(set(lower)) != len(lower) or any(".." in name.split("/") for name in lower):
        raise zipfile.BadZipFile
    if "xl/workbook.xml" not in lower:
        raise WorkbookRefusedError(_which_archive(lower))
    if any("vbaproject" in name or "/macrosheets/" in name for name in lower):
        raise WorkbookRefusedError(
            _(
                "The file contains macros. In Excel or WPS save it as .xlsx (without macros) and upload that."
            )
        )
    if any(
        name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/"))
        for name in lower
    ):
        raise WorkbookRefusedError(
            _(
                "The file has links to other workbooks or data sources. Break them (Data → Edit links), or paste the table as values into a new workbook."
            )
        )


def _which_archive(names: list[str]) -> str:
    if "xl/workbook.bin" in names:
        return _save_as_xlsx(".xlsb")
    if "word/document.xml" in names:
        return _(
            "This is a Word document. Copy its table into a workbook, save it as .xlsx and upload that."
        )
    if "ppt/presentation.xml" in names:
        return _not_a_workbook()
    if "content.xml" in names and "mimetype" in names:
        return _save_as_xlsx(".ods")
    if any(name.startswith("index/") or name == "index.zip" for name in names):
        return _("This is a Numbers document. Export it as Excel (.xlsx) and upload that.")
    return _("This is an archive and not a workbook. Unpack it and upload the .xlsx inside.")


def _judge_xml(name: str, content: bytes) -> None:
    start = content[:1024]
    declared = re.search(rb"encoding\s*=\s*[\"']([\w.-]+)", start[:200])
    strange = declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
    if b"\x00" in start or strange or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise WorkbookRefusedError(
            _(
                "The file contains definitions that no spreadsheet program writes and that can do harm. Copy the table into a new workbook and save it as .xlsx."
            )
        )
    if name.lower() == "[content_types].xml" and b"macroEnabled" in content:
        raise WorkbookRefusedError(
            _(
                "The file contains macros. In Excel or WPS save it as .xlsx (without macros) and upload that."
            )
        )


def judge_reach(sheet: Survey) -> None:
    """A single cell far out makes any parser reserve the whole rectangle; say where it is."""
    if sheet.last_column >= MOST_COLUMNS:
        raise WorkbookRefusedError(
            _(
                "Cell %(cell)s lies beyond the %(limit)s columns that a list may have. Delete the columns to the right of the table."
            )
            % {"cell": address(*sheet.farthest), "limit": MOST_COLUMNS}
        )
    if sheet.last_row >= LAST_ROW:
        raise WorkbookRefusedError(
            _(
                "Row %(row)s lies beyond the %(limit)s rows that a list may have. Delete the rows below the table, or split the list into several files."
            )
            % {"row": sheet.last_row + 1, "limit": MOST_ROWS}
        )


def judge_repetition(shared: bytes, sheet: bytes) -> None:
    """A long text that is kept once and used in every cell grows only when it is read."""
    lengths = [len(text) for text in _SHARED_TEXT.findall(shared)]
    if max(lengths, default=0) * sheet.count(b't="s"') <= MOST_BYTES_READ:
        return
    used = (int(index) for index in _SHARED_USE.findall(sheet))
    if sum(lengths[index] for index in used if index < len(lengths)) > MOST_BYTES_READ:
        raise WorkbookRefusedError(_too_much_inside())


def _save_as_xlsx(kind: str) -> str:
    return _(
        "This is a %(kind)s file. Open it in Excel or WPS, choose “Save as”, type .xlsx, and upload that."
    ) % {"kind": kind}


def _not_a_workbook() -> str:
    return _("This is not a workbook. Upload a list saved as .xlsx by Excel or WPS.")


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


def _what_else(data: bytes, suffix: str) -> str:
    """What the file is instead, as far as its first bytes say, and what to do about it."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _which_old_office(data, suffix)
    if data.startswith(b"%PDF"):
        return _(
            "This is a PDF. Ask for the workbook it was printed from and upload that as .xlsx."
        )
    if data.startswith(_PICTURES) or data[4:12] in {b"ftypheic", b"ftypmif1"}:
        return _("This is a picture. Upload the workbook itself as .xlsx.")
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"PK")):
        return _("This is an archive and not a workbook. Unpack it and upload the .xlsx inside.")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")) or b"<table" in head:
        return _save_as_xlsx(suffix or ".html")
    if b"excel.sheet" in head or b"schemas-microsoft-com:office:spreadsheet" in head:
        return _save_as_xlsx(suffix or ".xml")
    if suffix in {".csv", ".txt", ".tsv"} or _is_text(data):
        return _(
            "This is a text file (.csv). Open it in Excel or WPS, check that the Chinese is readable, save it as .xlsx and upload that."
        )
    return _not_a_workbook()


def _which_old_office(data: bytes, suffix: str) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return _(
            "The file is protected with a password. Open it, remove the password (File → Info → Protect), save it and upload it again."
        )
    if holds("WordDocument"):
        return _(
            "This is a Word document. Copy its table into a workbook, save it as .xlsx and upload that."
        )
    if holds("Workbook") or holds("Book"):
        return _save_as_xlsx(".et" if suffix == ".et" else ".xls")
    return _not_a_workbook()


def _is_text(data: bytes) -> bool:
    sample = data[:65536]
    if b"\x00" in sample and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    for encoding in ("utf-8", "gb18030", "utf-16"):
        try:
            sample[: len(sample) // 4 * 4].decode(encoding)
        except UnicodeDecodeError as fault:
            if fault.start < len(sample) - 8:
                continue
        return True
    return False
