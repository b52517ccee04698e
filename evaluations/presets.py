"""Ready sets of voter groups, as schemes in force have them: letter, name, rule and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class ReadyGroup:
    code: str
    name: str
    rule: str
    weight: int


@dataclass(frozen=True, slots=True)
class ReadySet:
    key: str
    label: StrOrPromise
    groups: Sequence[ReadyGroup]

    @property
    def words(self) -> str:
        return " · ".join(f"{one.code} {one.name} {one.weight}%" for one in self.groups)


READY_SETS = (
    ReadySet(
        "four",
        _("Four classes: leaders, heads, own department, departments served"),
        (
            ReadyGroup("A", "院领导", "leaders", 30),
            ReadyGroup("B", "中层干部", "peers", 30),
            ReadyGroup("C", "本科室职工", "own_department", 20),
            ReadyGroup("D", "服务对象科室", "served", 20),
        ),
    ),
    ReadySet(
        "three",
        _("Three classes: leaders, heads, own department"),
        (
            ReadyGroup("A", "院领导", "leaders", 30),
            ReadyGroup("B", "中层干部", "peers", 40),
            ReadyGroup("C", "本科室职工", "own_department", 30),
        ),
    ),
    ReadySet(
        "two",
        _("Two classes, for a small unit: heads, and all other staff"),
        (
            ReadyGroup("A", "中层干部", "peers", 40),
            ReadyGroup("B", "职工", "all_staff", 60),
        ),
    ),
)
