"""What the ledger has to remind people of. It agrees with ``waiting``: one person's and everybody's."""

from rectification.queries.reminding.calendar import deadlines
from rectification.queries.reminding.ladder import ladder_lines, ladder_people
from rectification.queries.reminding.lines import lines
from rectification.queries.reminding.people import people, statement
from rectification.queries.reminding.urgent import (
    decision_groups,
    decision_notices,
    last_day_groups,
    last_day_notices,
    returned_groups,
    returned_notices,
)

__all__ = [
    "deadlines",
    "decision_groups",
    "decision_notices",
    "ladder_lines",
    "ladder_people",
    "last_day_groups",
    "last_day_notices",
    "lines",
    "people",
    "returned_groups",
    "returned_notices",
    "statement",
]
