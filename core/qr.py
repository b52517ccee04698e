"""QR codes as one SVG path, so that they are sharp on paper of any size and need no picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import qrcode
from qrcode.constants import ERROR_CORRECT_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUIET_ZONE = 4
"""Empty modules on each side, as ISO/IEC 18004 asks for."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """``path`` fills the dark modules of a field of ``size`` × ``size``, quiet zone and all."""

    size: int
    path: str


def modules(text: str) -> list[list[bool]]:
    """Rows of dark and light, with the quiet zone. Level M: 15 % of it may be soiled."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make()
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def qr_code(text: str) -> QrCode:
    rows = modules(text)
    return QrCode(len(rows), "".join(_runs(rows)))


def _runs(rows: Sequence[Sequence[bool]]) -> Iterator[str]:
    """A rectangle for every run of dark modules."""
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            length = sum(1 for _module in run)
            if is_dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
