"""What is kept about jobs and messages. One name for all of it: ``messaging.models``."""

from messaging.models.choice import CalendarLink, ReminderChoice
from messaging.models.delivery import (
    COUNTED,
    DIGEST,
    TEST,
    UNDER_WAY,
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    ReminderRun,
    digest_key,
)
from messaging.models.job import ACTIVE, Job, JobQuerySet, JobState
from messaging.models.webhook import (
    PING,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
    WebhookState,
)

__all__ = [
    "ACTIVE",
    "COUNTED",
    "DIGEST",
    "PING",
    "TEST",
    "UNDER_WAY",
    "CalendarLink",
    "Delivery",
    "DeliveryQuerySet",
    "DeliveryState",
    "Job",
    "JobQuerySet",
    "JobState",
    "ReminderChoice",
    "ReminderRun",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "WebhookState",
    "digest_key",
]
