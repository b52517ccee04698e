"""Pages of what is made and sent in the background."""

from messaging.views.deliveries import delivery_list, send_again
from messaging.views.jobs import job_again, job_detail, job_file, job_list
from messaging.views.reminders import (
    calendar_feed,
    choice,
    end_calendar_link,
    make_calendar_link,
    send_test,
)
from messaging.views.webhooks import (
    make_webhook,
    ping,
    renew_secret,
    switch,
    tell_again,
    webhook,
    webhook_list,
)

__all__ = [
    "calendar_feed",
    "choice",
    "delivery_list",
    "end_calendar_link",
    "job_again",
    "job_detail",
    "job_file",
    "job_list",
    "make_calendar_link",
    "make_webhook",
    "ping",
    "renew_secret",
    "send_again",
    "send_test",
    "switch",
    "tell_again",
    "webhook",
    "webhook_list",
]
