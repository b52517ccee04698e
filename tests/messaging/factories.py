"""Jobs and webhooks for the tests."""

import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from factory.django import DjangoModelFactory

from messaging import jobs
from messaging.models import (
    Job,
    JobState,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
    WebhookState,
)
from tests.organisation.factories import HospitalFactory, PersonFactory


class JobFactory(DjangoModelFactory):
    """A job that waits; ``ready=True`` has its file."""

    class Meta:
        model = Job

    class Params:
        ready = factory.Trait(
            state=JobState.DONE,
            file_name="整改台账.pdf",
            size=4,
            sha256=hashlib.sha256(b"%PDF").hexdigest(),
            finished_at=factory.LazyFunction(timezone.now),
            lease_until=None,
            path=factory.LazyAttribute(
                lambda job: default_storage.save(
                    f"jobs/{job.key}/1", ContentFile(b"%PDF", name="x")
                )
            ),
        )

    owner = factory.SubFactory(PersonFactory)
    kind = "echo"
    title = "整改台账（A4）"
    key = factory.Faker("uuid4", cast_to=None)
    lease_until = factory.LazyFunction(lambda: timezone.now() + jobs.PATIENCE)


class WebhookFactory(DjangoModelFactory):
    """Told of what is overdue, at a host that nobody allows."""

    class Meta:
        model = Webhook

    unit = factory.SubFactory(HospitalFactory)
    url = "http://oa.hospital.test/hooks"
    events = [WebhookEvent.OVERDUE]


class WebhookDeliveryFactory(DjangoModelFactory):
    """Told and taken."""

    class Meta:
        model = WebhookDelivery

    webhook = factory.SubFactory(WebhookFactory)
    event = WebhookEvent.OVERDUE
    key = factory.Sequence(lambda n: f"{WebhookEvent.OVERDUE}:{n}")
    payload = {}
    state = WebhookState.SENT
    status = 204
    next_at = None
