"""Tokens of the API: made by their owner, shown once, withdrawn by him or by the administrator."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.models import ApiToken, Person
from organisation.models.tokens import NOTED_EVERY, SHOWN

if TYPE_CHECKING:
    from organisation.models import TokenScope

MARK = "rct_"
"""Begins every token, so that one that was left lying about is known for what it is."""
MOST = 20


@transaction.atomic
def make_token(
    person: Person, *, by: Person, name: str, scope: TokenScope | str, days: int
) -> tuple[ApiToken, str]:
    """A token and its text, which is nowhere else from now on. Nobody makes one for another."""
    if by.pk != person.pk:
        raise PermissionDenied
    Person.objects.select_for_update().get(pk=person.pk)
    now = timezone.now()
    known = ApiToken.objects.filter(person=person).in_force(now)
    if known.filter(name=name).exists():  # also when the page that showed it is loaded again
        raise ActionRefusedError(
            _("You have a token of this name in force; withdraw it first, or choose another name.")
        )
    if known.count() >= MOST:
        raise ActionRefusedError(
            _("You have %(most)s tokens in force; withdraw one first.") % {"most": MOST}
        )
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name,
        scope=scope,
        prefix=text[:SHOWN],
        digest=ApiToken.digest_of(text),
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    try:
        token.full_clean()
    except ValidationError as faults:
        raise ActionRefusedError(" ".join(faults.messages)) from faults
    token.save()
    trail.record("organisation.make_token", subject=token, by=by, after=trail.snapshot(token))
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Person) -> ApiToken:
    """From this moment it lets nobody in. Withdrawn twice, the first time counts."""
    row = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if not by.has_perm("organisation.revoke_token", row):
        raise PermissionDenied
    if row.revoked_at is not None:
        raise ActionRefusedError(_("This token has been withdrawn already."))
    before = trail.snapshot(row)
    row.revoked_at, row.revoked_by = timezone.now(), by
    row.save()
    trail.record(
        "organisation.revoke_token", subject=row, by=by, before=before, after=trail.snapshot(row)
    )
    return row


def note_use(token: ApiToken, *, now: dt.datetime) -> None:
    """When it was last used, to the hour: otherwise every read would write."""
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
