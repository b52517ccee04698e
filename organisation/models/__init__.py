"""Units, people, posts, and the working calendar."""

from organisation.models.calendar import CalendarDay, CalendarYear, DayKind
from organisation.models.person import SYSTEM, Person, SignIn
from organisation.models.post import Post, PostKind
from organisation.models.staging import StagedRow, StagedWorkbook
from organisation.models.tokens import ApiToken, IdempotentRequest, TokenScope
from organisation.models.unit import Unit, UnitCategory, UnitKind

__all__ = [
    "SYSTEM",
    "ApiToken",
    "CalendarDay",
    "CalendarYear",
    "DayKind",
    "IdempotentRequest",
    "Person",
    "Post",
    "PostKind",
    "SignIn",
    "StagedRow",
    "StagedWorkbook",
    "TokenScope",
    "Unit",
    "UnitCategory",
    "UnitKind",
]
