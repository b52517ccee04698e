import uuid

import pytest
from celery import shared_task
from django.http import HttpResponse

from audit import cascade, trail
from audit.cascade import CascadeMiddleware
from audit.models import Event
from tests.audit.subjects import Clerk, subject


def write():
    return trail.record("ward.close", subject=subject(), by=Clerk())


@shared_task
def write_in_a_task():
    write()


@pytest.mark.django_db
def test_all_events_of_one_request_share_an_id_and_the_next_request_has_another(rf):
    def view(request):
        write()
        write_in_a_task.delay()
        write()
        return HttpResponse()

    for _ in range(2):
        CascadeMiddleware(view)(rf.get("/"))

    ids = list(Event.objects.order_by("id").values_list("cascade", flat=True))
    assert len(set(ids[:3])) == len(set(ids[3:])) == 1
    assert len(set(ids)) == 2
    assert cascade.current() is None


@pytest.mark.django_db
def test_a_command_names_its_own_cascade_and_a_lone_event_has_none():
    with cascade.began() as outer, cascade.began():
        assert write().cascade == outer
    assert write().cascade is None


@pytest.mark.django_db
def test_a_task_of_its_own_is_a_cascade():
    write_in_a_task.delay()

    assert isinstance(Event.objects.get().cascade, uuid.UUID)


def test_a_task_asked_for_in_a_cascade_carries_its_id():
    with cascade.began() as running:
        headers = {}
        cascade.send_along(headers=headers)

    assert headers == {cascade.HEADER: str(running)}
