"""What the desk shows, gathered from the apps below it. Everything goes through ``visible_to``."""

from desk.queries.administration import Check, checks
from desk.queries.departments import DepartmentRow, UnitFigures, departments_in_charge, supervised
from desk.queries.notices import on_notice
from desk.queries.queue import Group, Task, work_queue
from desk.queries.search import Found, search
from desk.queries.tiles import Tile, tiles

__all__ = [
    "Check",
    "DepartmentRow",
    "Found",
    "Group",
    "Task",
    "Tile",
    "UnitFigures",
    "checks",
    "departments_in_charge",
    "on_notice",
    "search",
    "supervised",
    "tiles",
    "work_queue",
]
