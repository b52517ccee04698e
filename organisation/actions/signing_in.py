"""Signing in and out. Failures lock a number, and at a higher count an address, for a while."""

from __future__ import annotations

import datetime as dt
import unicodedata
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from audit import trail
from core.errors import ActionRefusedError
from organisation.models import SYSTEM, Person, SignIn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def normal(employee_number: str) -> str:
    """As it is stored: an input method may have typed full-width digits, a sheet spaces."""
    return unicodedata.normalize("NFKC", employee_number).strip()[:40]


def sign_in(
    employee_number: str,
    password: str,
    *,
    address: str | None = None,
    browser: str = "",
) -> Person:
    """The person, if number and password are right and neither number nor address is locked.

    The attempt takes its place among the failures *before* the password is looked at, so that
    guesses made at the same time cannot slip past the count together. While locked, no password
    is looked at, the right one neither. An unknown number is treated as any other.
    """
    number = normal(employee_number)
    attempt, until = _take_place(number, address, browser)
    if attempt is None:
        raise ActionRefusedError(_locked_sentence(until))
    person = authenticate(username=number, password=password)
    if person is None:
        raise ActionRefusedError(_note_failure(attempt))
    with transaction.atomic():
        attempt.delete()
        forgive(number)
    return person


def _take_place(
    number: str, address: str | None, browser: str
) -> tuple[SignIn | None, dt.datetime | None]:
    """Write the attempt down as failed, or say until when none is let in. One at a time per number."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 13710))", [f"sign-in {number}"]
            )
        if until := locked_until(number, address):
            return None, until
        person = Person.objects.filter(employee_number=number).first()
        attempt = SignIn.objects.create(
            employee_number=number,
            person=person,
            succeeded=False,
            address=address,
            browser=browser,
        )
    return attempt, None


def locked_until(number: str, address: str | None = None) -> dt.datetime | None:
    """The moment from which the number may be tried again from this address; None when now."""
    failures = SignIn.objects.failures()
    ends = [
        _lock_ends(failures.filter(employee_number=number, counts=True), settings.SIGN_IN_FAILURES)
    ]
    if address:
        ends.append(_lock_ends(failures.filter(address=address), settings.SIGN_IN_ADDRESS_FAILURES))
    later = [end for end in ends if end and end > timezone.now()]
    return max(later, default=None)


def _lock_ends(failures: QuerySet[SignIn], limit: int) -> dt.datetime | None:
    """So many failures within the window lock for as long again, from the last of them."""
    window = dt.timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    since = timezone.now() - 2 * window
    moments = list(
        failures.filter(at__gt=since).order_by("-at", "-pk").values_list("at", flat=True)[:limit]
    )
    if len(moments) < limit or moments[0] - moments[-1] > window:
        return None
    return moments[0] + window


def _locked_sentence(until: dt.datetime | None) -> str:
    moment = timezone.localtime(until) + dt.timedelta(seconds=59)
    return _("Too many failed attempts. Try again after %(time)s, or ask the administrator.") % {
        "time": time_format(moment, "H:i")
    }


def _note_failure(attempt: SignIn) -> str:
    """Leave the failure in the trail, and the lock-out too when this one caused it."""
    trail.record("organisation.sign_in_failed", subject=attempt, by=SYSTEM, detail=_where(attempt))
    until = locked_until(attempt.employee_number, attempt.address)
    if until is None:
        return _("The employee number or the password is wrong.")
    trail.record("organisation.lock_out", subject=attempt, by=SYSTEM, detail=_where(attempt))
    return _locked_sentence(until)


def _where(attempt: SignIn) -> dict[str, object]:
    return {"employee_number": attempt.employee_number, "address": attempt.address or ""}


def forgive(employee_number: str) -> None:
    """Failures so far no longer count towards a lock-out."""
    SignIn.objects.failures().filter(employee_number=employee_number, counts=True).update(
        counts=False
    )


@transaction.atomic
def open_session(
    person: Person, session_key: str, *, address: str | None = None, browser: str = ""
) -> SignIn:
    """Note a session that has just begun; the oldest give way when there are too many."""
    sign_in = SignIn.objects.create(
        employee_number=person.employee_number,
        person=person,
        succeeded=True,
        address=address,
        browser=browser,
        session_key=session_key,
    )
    trail.record("organisation.sign_in", subject=person, by=person, detail=_where(sign_in))
    mine = SignIn.objects.open().filter(person=person).newest_first()
    _end(mine[settings.SIGN_IN_SESSIONS :])
    return sign_in


@transaction.atomic
def sign_out(person: Person, session_key: str, *, why: str = "") -> None:
    """Note the end of one session; who calls this has flushed or will flush the session itself."""
    SignIn.objects.filter(
        person=person, session_key=session_key, succeeded=True, ended_at__isnull=True
    ).update(ended_at=timezone.now())
    trail.record("organisation.sign_out", subject=person, by=person, reason=why)


@transaction.atomic
def sign_out_everywhere(person: Person, *, by: Person, but: str = "") -> int:
    """End all sessions of a person (but the one named); how many they were."""
    count = end_sessions(person, but=but)
    trail.record("organisation.sign_out_everywhere", subject=person, by=by, detail={"ended": count})
    return count


def end_sessions(person: Person, *, but: str = "") -> int:
    return _end(SignIn.objects.open().filter(person=person).exclude(session_key=but or "-"))


def follow_session(old_key: str, new_key: str) -> None:
    """A session got a new key, as it does when the password changes."""
    SignIn.objects.open().filter(session_key=old_key).update(session_key=new_key)


def _end(sign_ins: Iterable[SignIn]) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = list(sign_ins)
    for one in ended:
        store(one.session_key).delete()
        one.ended_at = timezone.now()
    SignIn.objects.bulk_update(ended, ["ended_at"])
    return len(ended)
