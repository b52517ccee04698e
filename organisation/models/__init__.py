"""Units, people, posts, and the working calendar."""

from organisation.models.calendar import CalendarDay, CalendarYear, DayKind
from organisation.models.person import SYSTEM, Person, SignIn
from organisation.models.post import Post, PostKind
from organisation.models.staging import StagedRow, StagedWorkbook
from organisation.models.unit import Unit, UnitCategory, UnitKind

__all__ = [
    "SYSTEM",
    "CalendarDay",
    "CalendarYear",
    "DayKind",
    "Person",
    "Post",
    "PostKind",
    "SignIn",
    "StagedRow",
    "StagedWorkbook",
    "Unit",
    "UnitCategory",
    "UnitKind",
]
