"""Storing a file with the copy that others see, and handing that copy out."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.files.judging import (
    MOST_BYTES_OF_VIDEO,
    PDF,
    SHOWN_IN_PLACE,
    TEXT,
    FileRefusedError,
    Kind,
    judge,
    too_large,
)
from core.files.showing import without_position
from core.text import clean

if TYPE_CHECKING:
    from django.core.files import File

MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken: what it is, and where the original and the shown copy lie."""

    file_name: str
    kind: Kind
    size: int
    sha256: str
    path: str
    shown_path: str


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
