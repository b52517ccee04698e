"""Who sits in the leading group and the office, in the order in which names are read out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from campaign.models import AppointmentRole
from campaign.models.scope import LEADERS
from organisation.models import Post, PostKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from campaign.models import Appointment, Campaign
    from organisation.models import Person

ROLES = {role: place for place, role in enumerate(AppointmentRole.values)}
OFFICE = frozenset({AppointmentRole.OFFICE_DIRECTOR, AppointmentRole.OFFICE_MEMBER})
LAST = len(PostKind.values)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in one role; ``appointment`` is None for whoever sits there by his post."""

    person: Person
    role: str
    title: str
    since: dt.date | None = None
    until: dt.date | None = None
    appointment: Appointment | None = None


@dataclass(frozen=True, slots=True)
class LineUp:
    leading: list[Seat] = field(default_factory=list)
    office: list[Seat] = field(default_factory=list)


def line_up(campaign: Campaign, today: dt.date) -> LineUp:
    """By appointment and by post, principals before deputies. Three queries."""
    appointments = list(
        campaign.appointments.on(today).select_related("person").order_by("since", "pk")
    )
    people = {appointment.person_id for appointment in appointments}
    best = _best_posts(people, today)
    by_post = [
        post
        for post in Post.objects.on(today)
        .filter(unit=campaign.host_id, kind__in=[*LEADERS, PostKind.CAMPAIGN_OFFICE])
        .select_related("person", "unit")
        .by_rank()
        if post.person_id not in people
    ]
    seated = [
        (_place(ROLES[one.role], best.get(one.person_id)), _appointed(one, best))
        for one in appointments
    ]
    for post in by_post:
        role = (
            AppointmentRole.OFFICE_MEMBER
            if post.kind == PostKind.CAMPAIGN_OFFICE
            else AppointmentRole.LEADING_HEAD
        )
        seat = Seat(post.person, _("by post"), _title(post))
        seated.append((_place(ROLES[role], post), seat))
    seated.sort(key=lambda pair: pair[0])
    first_of_office = ROLES[AppointmentRole.OFFICE_DIRECTOR]
    return LineUp(
        leading=[seat for place, seat in seated if place[0] < first_of_office],
        office=[seat for place, seat in seated if place[0] >= first_of_office],
    )


def former_appointments(campaign: Campaign, today: dt.date) -> list[Appointment]:
    return list(
        campaign.appointments.filter(until__lt=today)
        .select_related("person")
        .order_by("-until", "-pk")
    )


def _best_posts(people: Iterable[int], today: dt.date) -> dict[int, Post]:
    """Each person's highest post."""
    best: dict[int, Post] = {}
    for post in Post.objects.on(today).filter(person__in=people).select_related("unit").by_rank():
        best.setdefault(post.person_id, post)
    return best


def _appointed(one: Appointment, best: dict[int, Post]) -> Seat:
    post = best.get(one.person_id)
    return Seat(
        person=one.person,
        role=one.get_role_display(),
        title=_title(post) if post else "",
        since=one.since,
        until=one.until,
        appointment=one,
    )


def _title(post: Post) -> str:
    return f"{post.unit.name} {post.title or post.get_kind_display()}"


def _place(role: int, post: Post | None) -> tuple[int, int, int, int]:
    """Role first, then the rank of the post, its place among equals, its age."""
    if post is None:
        return role, LAST, 0, 0
    return role, PostKind.values.index(post.kind), post.position, post.pk
