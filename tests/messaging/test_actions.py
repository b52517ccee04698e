import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import trail
from messaging import actions, jobs
from messaging.models import Job, JobState
from messaging.tasks import reconcile_jobs, run_job
from tests.messaging.factories import JobFactory
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def person():
    return PersonFactory(name="李敏")


def in_an_hour():
    return timezone.now() + dt.timedelta(hours=1)


def test_a_job_asked_for_is_done_after_the_commit_and_leaves_one_event(
    person, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.request_job("echo", {"word": "你好"}, by=person, title="回声")
        assert Job.objects.get().state == JobState.QUEUED

    job.refresh_from_db()
    assert (job.state, job.file_name, job.size, job.attempts) == (
        JobState.DONE,
        "李敏.txt",
        6,
        1,
    )
    assert (job.done, job.total) == (2, 2)
    with job.open() as file:
        assert file.read().decode() == "你好"
    assert [event.action for event in trail.of(job)] == ["messaging.request_job"]


def test_asked_for_twice_while_it_waits_it_is_made_once(person):
    first = actions.request_job("echo", {"word": 1}, by=person)

    assert actions.request_job("echo", {"word": 1}, by=person) == first
    assert actions.request_job("echo", {"word": 2}, by=person) != first
    assert actions.request_job("echo", {"word": 1}, by=PersonFactory()) != first


def test_a_kind_that_nobody_knows_is_a_mistake_of_ours(person):
    with pytest.raises(KeyError):
        actions.request_job("unheard_of", {}, by=person)

    assert Job.objects.count() == 0


def test_a_refusal_is_told_to_the_one_who_asked():
    job = JobFactory(kind="refuse")

    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "“👍” (U+1F44D) cannot be printed.")


def test_a_mistake_in_the_work_ends_the_job_and_tells_no_secrets(caplog):
    job = JobFactory(kind="breaks")

    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "ZeroDivision" not in job.error
    assert "ZeroDivisionError" in caplog.text


def test_a_job_run_twice_is_done_once():
    job = JobFactory(arguments={"word": 1})

    assert [run_job(job.pk), run_job(job.pk)] == [True, False]


def test_a_worker_that_lost_its_job_throws_its_file_away():
    job = JobFactory(arguments={"word": 1})
    slow = actions.start(job.pk, now=timezone.now())
    actions.reconcile(now=in_an_hour())
    run_job(job.pk)

    with pytest.raises(actions.JobLostError):
        actions.finish(slow, jobs.Result("late.txt", b"late"))
    with pytest.raises(actions.JobLostError):
        actions.renew(slow, now=timezone.now(), done=1, total=2)

    job.refresh_from_db()
    assert (job.file_name, job.attempts) == (f"{job.owner.name}.txt", 2)
    assert default_storage.listdir(job.folder)[1] == [job.path.rpartition("/")[2]]


def test_a_failure_told_too_late_changes_nothing():
    job = JobFactory(arguments={"word": 1})
    slow = actions.start(job.pk, now=timezone.now())
    actions.reconcile(now=in_an_hour())
    run_job(job.pk)

    actions.fail(slow, "too late")

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def test_the_reconciler_leaves_alone_who_was_heard_of_in_time():
    running, waiting = JobFactory(), JobFactory()
    now = timezone.now()
    actions.start(running.pk, now=now)

    assert actions.reconcile(now=now + jobs.LEASE - SECOND) == 0
    assert actions.reconcile(now=now + jobs.LEASE + SECOND) == 1
    assert actions.reconcile(now=now + jobs.LEASE + SECOND) == 0

    running.refresh_from_db()
    waiting.refresh_from_db()
    assert (running.state, waiting.attempts) == (JobState.QUEUED, 0)


def test_a_job_whose_message_went_astray_is_called_out_again(django_capture_on_commit_callbacks):
    job = JobFactory(arguments={"word": 1})

    with django_capture_on_commit_callbacks(execute=True):
        actions.reconcile(now=timezone.now() + jobs.PATIENCE + SECOND)

    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_job_that_kills_every_worker_is_given_up():
    job = JobFactory()
    for _ in range(jobs.ATTEMPTS):
        actions.start(job.pk, now=timezone.now())
        actions.reconcile(now=in_an_hour())

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error


def test_files_go_after_thirty_days_and_the_row_says_so():
    old = JobFactory(ready=True, finished_at=timezone.now() - jobs.KEPT - SECOND)
    new = JobFactory(ready=True, finished_at=timezone.now() - jobs.KEPT + SECOND * 60)

    reconcile_jobs()
    reconcile_jobs()

    path = old.path
    old.refresh_from_db()
    assert (old.state, old.path) == (JobState.EXPIRED, "")
    assert not default_storage.exists(path)
    assert default_storage.exists(new.path)


def test_a_job_without_a_file_is_not_done():
    with pytest.raises(IntegrityError, match="job_has_its_file_when_done"), transaction.atomic():
        JobFactory(state=JobState.DONE)


def test_one_sees_the_jobs_he_asked_for_and_no_others(person):
    mine = JobFactory(owner=person)
    JobFactory()

    assert set(Job.objects.visible_to(person)) == {mine}
    assert person.has_perm("messaging.view_job", mine)
    assert not PersonFactory().has_perm("messaging.view_job", mine)


def test_the_language_of_the_asker_is_the_language_of_the_work(person, monkeypatch):
    from django.utils import translation

    seen = []
    jobs.register(
        "tell",
        lambda arguments, *, by, progress: (
            seen.append(translation.get_language()) or jobs.Result("x", b"x")
        ),
    )
    with translation.override("zh-hans"):
        job = actions.request_job("tell", {}, by=person)

    run_job(job.pk)

    assert seen == ["zh-hans"]
