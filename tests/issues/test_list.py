"""The list: what each sees of it, that its part equals the page, and what it costs."""

import pytest
from django.urls import reverse

from issues.states import State
from tests.issues.factories import IssueFactory


def list_of(hospital, query=""):
    return reverse("issues:list", args=[hospital.campaign.pk]) + query


def codes(response):
    return [issue.code for issue, _ in response.context["rows"]]


@pytest.fixture
def office(client, hospital):
    client.force_login(hospital.office)
    return client


def test_the_list_opens(office, hospital):
    issue = IssueFactory(campaign=hospital.campaign)

    response = office.get(list_of(hospital))

    assert codes(response) == [issue.code]
    assert issue.text in response.content.decode()
