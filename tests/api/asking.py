"""A program that asks the API with a token, as another system would."""

import json
from itertools import count

from django.test import Client
from django.utils import timezone

from organisation.actions import make_token
from organisation.models import ApiToken, TokenScope
from tests.people import again

NUMBERED = count(1)


class Program:
    """Keeps no cookies; each request is by the token alone. Its use is noted beforehand."""

    def __init__(self, person, scope=TokenScope.ACT, **headers):
        token, self.text = make_token(
            person, by=person, name=f"test {next(NUMBERED)}", scope=scope, days=30
        )
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
        self.token = token
        self.headers = {"Authorization": f"Bearer {self.text}", "Accept-Language": "en"} | headers

    def get(self, path, data=None, **headers):
        return Client().get(path, data, headers=self.headers | headers)

    def post(self, path, data=None, **headers):
        return Client().post(
            path,
            json.dumps(data or {}),
            content_type="application/json",
            headers=self.headers | headers,
        )


def reader(person):
    return Program(again(person), TokenScope.READ)


def actor(person):
    return Program(again(person))


def every_page(program, path, **asked):
    """All rows of a list, page by page."""
    rows, link = [], path
    while link:
        answer = program.get(link, asked if link == path else None)
        assert answer.status_code == 200, answer.content
        rows += answer.json()["results"]
        link = answer.json()["next"]
    return rows
