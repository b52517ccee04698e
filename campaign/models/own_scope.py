"""What the person of a request is, read in one statement, because every page asks it first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from campaign.models.scope import HeldPost, Scope, Tree, scope_from

if TYPE_CHECKING:
    import datetime as dt

    from organisation.models import Person

PLACES = """
    WITH RECURSIVE
    post AS (
        SELECT id, unit_id, kind FROM organisation_post
        WHERE person_id = %(person)s AND since <= %(today)s AND (until IS NULL OR until >= %(today)s)
    ),
    charge AS (
        SELECT unit_id FROM organisation_post_in_charge_of WHERE post_id IN (SELECT id FROM post)
    ),
    seat AS (
        SELECT campaign_id, host_id, role
        FROM campaign_appointment JOIN campaign_campaign campaign ON campaign.id = campaign_id
        WHERE person_id = %(person)s AND since <= %(today)s AND (until IS NULL OR until >= %(today)s)
    ),
    place (id, path, is_department) AS (
        SELECT id, ARRAY[id], kind = 'department' FROM organisation_unit WHERE parent_id IS NULL
        UNION ALL
        SELECT unit.id, path || unit.id, unit.kind = 'department'
        FROM organisation_unit unit JOIN place ON unit.parent_id = place.id
    )
    SELECT id, path, is_department,
        ARRAY(SELECT kind::text FROM post WHERE unit_id = place.id),
        id IN (SELECT unit_id FROM charge),
        ARRAY(SELECT campaign.id FROM campaign_campaign campaign WHERE host_id = place.id),
        (SELECT jsonb_agg(jsonb_build_array(campaign_id, role)) FROM seat WHERE host_id = place.id)
    FROM place
    WHERE path && ARRAY(SELECT unit_id FROM post UNION SELECT unit_id FROM charge)
        OR id IN (SELECT unnest(path) FROM place WHERE id IN (SELECT unit_id FROM post))
        OR id IN (SELECT host_id FROM seat)
"""
"""The units that matter to a person: those of his posts with all above and below them, those in his
charge with all below them, and the hosts of campaigns to which he is appointed.
"""


def scope_of(person: Person) -> Scope:
    """Worked out from posts and appointments once per request."""
    if not person.is_authenticated:
        return Scope()
    known: Scope | None = getattr(person, "_scope", None)
    if known is None:
        known = person._scope = _read(person, timezone.localdate())  # type: ignore[attr-defined]  # noqa: SLF001 -- kept on the object for the request
    return known


def _read(person: Person, today: dt.date) -> Scope:
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"person": person.pk, "today": today})
        places = cursor.fetchall()
    paths: dict[int, list[int]] = {}
    departments, charged = set(), set()
    held: list[tuple[int, str]] = []
    hosts: dict[int, int] = {}
    appointed: list[tuple[int, str]] = []
    for pk, path, is_department, posts, is_in_charge, campaigns, seats in places:
        paths[pk] = path
        held += [(pk, kind) for kind in posts]
        hosts |= dict.fromkeys(campaigns, pk)
        appointed += [(campaign, role) for campaign, role in json.loads(seats or "[]")]
        if is_department:
            departments.add(pk)
        if is_in_charge:
            charged.add(pk)
    in_charge_of = frozenset(charged)  # by which of his posts makes no difference
    return scope_from(
        [HeldPost(unit, kind, in_charge_of) for unit, kind in held],
        Tree(paths, frozenset(departments)),
        hosts,
        appointed,
    )
