import hashlib

import pytest
from django.urls import reverse

from messaging import actions
from messaging.models import Job, JobState
from tests.messaging.factories import JobFactory
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db
SWAP = {"HX-Request": "true"}


@pytest.fixture
def person(client):
    person = PersonFactory(name="李敏")
    client.force_login(person)
    return person


def test_the_list_shows_what_i_asked_for_newest_first(client, person):
    JobFactory(owner=person, title="甲")
    JobFactory(owner=person, title="乙", ready=True)
    JobFactory(title="别人的")

    page = client.get(reverse("messaging:jobs")).content.decode()

    assert page.index("乙") < page.index("甲")
    assert "别人的" not in page


def test_an_empty_list_says_where_files_come_from(client, person):
    assert "No files yet" in client.get(reverse("messaging:jobs")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_queries_for_one_row_or_three(
    client, person, rows, django_assert_max_num_queries
):
    JobFactory.create_batch(rows, owner=person)

    with django_assert_max_num_queries(12) as captured:
        client.get(reverse("messaging:jobs"))

    queries = [one["sql"] for one in captured.captured_queries]
    assert sum("messaging_job" in sql for sql in queries) == 2


def test_a_job_under_way_asks_again_by_itself_with_and_without_scripts(client, person):
    job = JobFactory(owner=person)
    actions.start(job.pk, now=job.created_at)
    Job.objects.update(done=3, total=12)

    page = client.get(job.get_absolute_url()).content.decode()
    part = client.get(job.get_absolute_url(), headers=SWAP).content.decode()

    assert '<noscript><meta http-equiv="refresh"' in page
    assert part.strip() in page
    assert 'hx-trigger="every 1s"' in part
    assert "3/12" in part


def test_a_job_that_is_ready_stops_asking_and_offers_the_file(client, person):
    job = JobFactory(owner=person, ready=True)

    page = client.get(job.get_absolute_url()).content.decode()

    assert "hx-trigger" not in page
    assert "http-equiv" not in page
    assert reverse("messaging:job_file", args=[job.key]) in page


def test_the_file_comes_as_it_was_made_under_its_chinese_name(client, person):
    job = JobFactory(owner=person, ready=True)

    response = client.get(reverse("messaging:job_file", args=[job.key]))

    content = b"".join(response.streaming_content)
    assert hashlib.sha256(content).hexdigest() == job.sha256
    assert "attachment" in response["Content-Disposition"]
    assert "%E6%95%B4%E6%94%B9%E5%8F%B0%E8%B4%A6.pdf" in response["Content-Disposition"]
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["job", "job_file"])
def test_somebody_elses_file_is_not_there(client, person, name):
    job = JobFactory(ready=True)

    assert client.get(reverse(f"messaging:{name}", args=[job.key])).status_code == 404


def test_somebody_elses_job_cannot_be_made_again(client, person):
    job = JobFactory(state=JobState.FAILED)

    assert client.post(reverse("messaging:job_again", args=[job.key])).status_code == 404
    assert Job.objects.count() == 1


def test_a_file_that_is_not_ready_is_not_there(client, person):
    job = JobFactory(owner=person)

    assert client.get(reverse("messaging:job_file", args=[job.key])).status_code == 404


def test_what_failed_says_why_and_is_made_again(client, person):
    job = JobFactory(owner=person, state=JobState.FAILED, error="“👍” cannot be printed.")
    assert "“👍” cannot be printed." in client.get(job.get_absolute_url()).content.decode()

    response = client.post(reverse("messaging:job_again", args=[job.key]))

    again = Job.objects.latest("pk")
    assert response["Location"] == again.get_absolute_url()
    assert (again.state, again.kind, again.arguments) == (JobState.QUEUED, "echo", job.arguments)
