"""The workbook and the paper of the running campaign's ledger, under ``var/demo/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path) -> list[Path]:
    """Made anew at each run, from what the ledger holds then."""
    return [folder]
