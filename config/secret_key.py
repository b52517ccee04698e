"""The secret key of a machine that was given none."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def kept_secret_key(place: Path) -> str:
    """A random key, made once and readable by nobody else; two who make it at once get the same."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(fresh, place)
        os.unlink(fresh)  # noqa: PTH108 -- the pair of mkstemp
    return place.read_text()
