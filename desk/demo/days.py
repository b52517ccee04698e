"""Days of the demonstration, counted from today: the workbooks' dates move with them."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from openpyxl import load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
YEAR_MONTH_DAY = re.compile(r"(20\d\d)年(\d{1,2})月(?:(\d{1,2})日)?")


@contextmanager
def as_of(day: dt.date, hour: int = 9) -> Iterator[None]:
    """Let the product believe that it is ``day``. The trail keeps the true time all the same."""
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def moved(text: str, written_on: dt.date, today: dt.date) -> str:
    """Move the full dates in a text by the days since it was written; impossible ones only by year.

    “2026年10月底前” becomes the end of the month into which its last day moves.
    """
    was_wide = text.translate(HALF_WIDTH) != text
    shift = today - written_on

    def move(found: re.Match[str]) -> str:
        year, month, day = int(found[1]), int(found[2]), found[3]
        if day is None:
            last = dt.date(year, month, 1) + relativedelta(months=1, days=-1) + shift
            return f"{last.year}年{last.month}月"
        try:
            moved_to = dt.date(year, month, int(day)) + shift
        except ValueError:
            return f"{today.year}年{month}月{day}日"
        return f"{moved_to.year}年{moved_to.month}月{moved_to.day}日"

    text = YEAR_MONTH_DAY.sub(move, text.translate(HALF_WIDTH) if was_wide else text)
    return text.translate(FULL_WIDTH) if was_wide else text


def move_workbook(source: Path, target: Path, *, written_on: dt.date, today: dt.date) -> None:
    """Copy a workbook of the demonstration with its dates moved to today."""
    book = load_workbook(source)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = moved(cell.value, written_on, today)
                elif isinstance(cell.value, dt.datetime):
                    cell.value += today - written_on
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
