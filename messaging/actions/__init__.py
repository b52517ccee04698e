"""Verbs about jobs and messages. One name for all of it: ``messaging.actions``."""

from messaging.actions.choosing import (
    choose,
    end_calendar_link,
    make_calendar_link,
    send_again,
    send_test,
)
from messaging.actions.jobs import (
    JobLostError,
    expire,
    fail,
    finish,
    reconcile,
    remove_files,
    renew,
    request_again,
    request_job,
    start,
)
from messaging.actions.planning import (
    Planned,
    messages_of,
    plan,
    plan_urgent,
    rehearsal,
)

__all__ = [
    "JobLostError",
    "Planned",
    "choose",
    "end_calendar_link",
    "expire",
    "fail",
    "finish",
    "make_calendar_link",
    "messages_of",
    "plan",
    "plan_urgent",
    "reconcile",
    "rehearsal",
    "remove_files",
    "renew",
    "request_again",
    "request_job",
    "send_again",
    "send_test",
    "start",
]
