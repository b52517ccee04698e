"""The one door through which an object changes state: lock, ask, check, write, record, or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise


class Actor(Protocol):
    """A person, or the system itself."""

    @property
    def pk(self) -> int | None: ...

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool: ...


class Stateful(models.Model):
    """A model whose ``state`` only ``moving`` may write, with the moment since when it is so."""

    state: models.CharField
    state_since = models.DateTimeField(
        gettext_lazy("in this state since"), default=timezone.now, editable=False
    )
    untrailed: ClassVar[frozenset[str]] = frozenset({"state_since"})
    """The trail says itself when a state began."""

    if TYPE_CHECKING:

        def get_state_display(self) -> str: ...

    class Meta:
        abstract = True


S = TypeVar("S", bound=Stateful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One move: from which states, to which, who may (a permission), and the word on its button."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: StrOrPromise


@contextmanager
def locked(obj: S, *, permission: str, by: Actor) -> Iterator[S]:
    """Yield the row as the database has it now, locked, after asking the rule; the state stays."""
    with transaction.atomic():
        row = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        if not by.has_perm(permission, row):
            raise PermissionDenied
        yield row


@contextmanager
def moving(
    obj: S, step: Transition, *, by: Actor, reason: str = "", to: str = "", **detail: object
) -> Iterator[S]:
    """Yield the row locked; on leaving, move it and record the move with its reason.

    Everything done inside the block commits together with the new state, or not at all.
    ``to`` overrides the step's target where the rule of the trade names two (it must be a state
    that the step's action chose, never input). ``detail`` goes into the trail as it is.
    """
    with locked(obj, permission=step.permission, by=by) as row:
        if row.state not in step.sources:
            raise ActionRefusedError(
                _("“%(step)s” is not possible here: the state is now “%(state)s”.")
                % {"step": step.label, "state": row.get_state_display()}
            )
        before = trail.snapshot(row)
        yield row
        was, row.state = row.state, to or step.target
        if row.state != was:
            row.state_since = timezone.now()
        try:
            row.full_clean()
        except ValidationError as faults:
            raise ActionRefusedError(" ".join(faults.messages)) from faults
        row.save()
        trail.record(
            f"{row._meta.app_label}.{step.name}",
            subject=row,
            by=by,
            before=before,
            after=trail.snapshot(row),
            reason=reason,
            detail=detail,
        )


def move(obj: S, step: Transition, *, by: Actor, reason: str = "", **detail: Any) -> S:
    """Make a move that changes nothing but the state."""
    with moving(obj, step, by=by, reason=reason, **detail) as row:
        return row


def steps_open_to(obj: Stateful, steps: tuple[Transition, ...], by: Actor) -> list[Transition]:
    """The buttons this person sees: possible from here, and permitted."""
    return [
        step for step in steps if obj.state in step.sources and by.has_perm(step.permission, obj)
    ]
