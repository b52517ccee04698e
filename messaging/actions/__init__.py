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
from messaging.actions.webhooks import (
    announce,
    announce_each,
    make_webhook,
    ping,
    renew_secret,
    start_webhook,
    stop_webhook,
    tell_again,
)

__all__ = [
    "JobLostError",
    "Planned",
    "announce",
    "announce_each",
    "choose",
    "end_calendar_link",
    "expire",
    "fail",
    "finish",
    "make_calendar_link",
    "make_webhook",
    "messages_of",
    "ping",
    "plan",
    "plan_urgent",
    "reconcile",
    "rehearsal",
    "remove_files",
    "renew",
    "renew_secret",
    "request_again",
    "request_job",
    "send_again",
    "send_test",
    "start",
    "start_webhook",
    "stop_webhook",
    "tell_again",
]
