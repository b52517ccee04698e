"""Who may use the desk: everybody who works here. What it shows follows from who he is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from organisation.models import Person


@rules.predicate
def is_signed_in(person: Person) -> bool:
    return person.is_authenticated


rules.add_perm("desk.use_desk", is_signed_in)
