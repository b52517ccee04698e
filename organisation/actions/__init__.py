"""Every write to units, people, the calendar, and one's own account."""

from organisation.actions.calendar import correct_day, publish_year
from organisation.actions.passwords import change_password, issue_passwords, reset_password
from organisation.actions.people import (
    add_post,
    change_person,
    change_post,
    choose_language,
    create_person,
    deactivate,
    end_post,
    reactivate,
)
from organisation.actions.signing_in import (
    follow_session,
    locked_until,
    open_session,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from organisation.actions.tokens import make_token, note_use, revoke_token
from organisation.actions.units import change_unit, close_unit, create_unit, move_unit, reopen_unit

__all__ = [
    "add_post",
    "change_password",
    "change_person",
    "change_post",
    "change_unit",
    "choose_language",
    "close_unit",
    "correct_day",
    "create_person",
    "create_unit",
    "deactivate",
    "end_post",
    "follow_session",
    "issue_passwords",
    "locked_until",
    "make_token",
    "move_unit",
    "note_use",
    "open_session",
    "publish_year",
    "reactivate",
    "reopen_unit",
    "reset_password",
    "revoke_token",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]
