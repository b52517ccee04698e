"""Verbs about jobs and messages. One name for all of it: ``messaging.actions``."""

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

__all__ = [
    "JobLostError",
    "expire",
    "fail",
    "finish",
    "reconcile",
    "remove_files",
    "renew",
    "request_again",
    "request_job",
    "start",
]
