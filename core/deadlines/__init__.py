"""Deadlines as offices write them, from ``2023年6月底前`` to ``立行立改``.

The promise: a date comes out only when the text names it. A year that is missing, a day that does
not exist, a placeholder, a span counted from an unnamed day is said and never guessed; what it
might be is a suggestion, which a person may take.
"""

from core.deadlines.deadline import Day, Deadline, Kind
from core.deadlines.parsing import parse

__all__ = ["Day", "Deadline", "Kind", "parse"]
