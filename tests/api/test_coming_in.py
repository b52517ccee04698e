"""Who is let in, by which token, how often, and what he is told in which language."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import trail
from core.errors import ActionRefusedError
from organisation import actions
from organisation.models import ApiToken, TokenScope
from tests.api.asking import Program, actor, reader
from tests.people import again
from tests.rectification.factories import an_item

pytestmark = pytest.mark.django_db


def campaigns():
    return reverse("api:campaign-list")


def claim(item):
    return reverse("api:ledger-item-claim", args=[item.campaign_id, item.number])


def test_nobody_is_told_anything_without_a_token_or_a_session(hospital):
    answer = Client().get(campaigns())

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("given", ["", "rct_", "rct_nonsense", "x" * 10_000, "ключ"])
def test_a_token_that_is_none_lets_nobody_in(hospital, given):
    answer = Client().get(campaigns(), headers={"Authorization": f"Bearer {given}"})

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_only_the_hash_of_a_token_is_kept(hospital):
    program = actor(hospital.office)

    kept = ApiToken.objects.values().get()
    assert not [value for value in kept.values() if program.text in str(value)]
    assert program.text.startswith(kept["prefix"])
    assert kept["digest"] == ApiToken.digest_of(program.text)


def test_a_token_that_ran_out_lets_nobody_in(hospital):
    program = reader(hospital.office)

    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        assert program.get(campaigns()).status_code == 401
    assert program.get(campaigns()).status_code == 200


def test_a_withdrawn_token_lets_nobody_in(hospital):
    program = reader(hospital.office)
    actions.revoke_token(program.token, by=again(hospital.office))

    assert program.get(campaigns()).status_code == 401


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}])
def test_a_token_is_no_way_round_what_holds_for_its_person(hospital, change):
    program = reader(hospital.office)
    type(hospital.office).objects.filter(pk=hospital.office.pk).update(**change)

    assert program.get(campaigns()).status_code == 401


def test_whoever_must_change_his_password_is_told_so_by_his_session_too(client, hospital):
    client.force_login(hospital.office)
    type(hospital.office).objects.filter(pk=hospital.office.pk).update(must_change_password=True)

    answer = client.get(campaigns())

    assert answer.status_code == 401
    assert answer.json()["detail"] == "Sign in and change your password first."


def test_a_token_for_reading_changes_nothing(hospital):
    item = an_item(hospital, awaiting_claim=True)

    answer = reader(hospital.head).post(claim(item))

    assert answer.status_code == 403
    assert answer.json() == {"code": "permission_denied", "detail": "This token may only read."}
    item.refresh_from_db()
    assert item.state == "awaiting_claim"


def test_a_token_leaves_no_session_and_no_cookie(hospital):
    answer = reader(hospital.office).get(campaigns())

    assert answer.cookies == {}
    assert Session.objects.count() == 0


def test_a_session_is_held_to_csrf(hospital):
    item = an_item(hospital, awaiting_claim=True)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(hospital.head)

    answer = browser.post(claim(item), "{}", content_type="application/json")

    assert answer.status_code == 403
    item.refresh_from_db()
    assert item.state == "awaiting_claim"


@pytest.mark.parametrize(
    ("asked", "own", "word"),
    [
        ("zh-CN,zh;q=0.9", "", "未找到。"),
        ("en", "zh-hans", "Not found."),
        ("fr;q=1, en;q=0.5, zh;q=0.2", "", "Not found."),
        ("", "zh-hans", "未找到。"),
        ("nonsense;q=x", "", "Not found."),
    ],
)
def test_a_program_is_answered_in_the_language_it_asks_for(hospital, asked, own, word):
    type(hospital.office).objects.filter(pk=hospital.office.pk).update(language=own)
    program = reader(hospital.office)

    answer = program.get(reverse("api:campaign-detail", args=[0]), **{"Accept-Language": asked})

    assert answer.json()["detail"] == word


def test_pages_do_not_follow_what_browsers_prefer(client, hospital):
    client.force_login(hospital.office)

    answer = client.get(reverse("api:campaign-detail", args=[0]), headers={"Accept-Language": "zh"})

    assert answer.json()["detail"] == "Not found."


def test_who_asks_too_often_is_told_when_to_come_again(hospital, settings):
    settings.API_RATE = 3
    cache.clear()
    program, other = reader(hospital.office), reader(hospital.office)

    with time_machine.travel(dt.datetime(2026, 3, 2, 8, 0, 20, tzinfo=dt.UTC), tick=False):
        ApiToken.objects.update(
            made_at=timezone.now(), expires_at=timezone.now() + dt.timedelta(days=9)
        )
        answers = [program.get(campaigns()) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[3]["Retry-After"] == "40"
        assert answers[3].json()["code"] == "throttled"
        assert other.get(campaigns()).status_code == 200
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, 1, 0, tzinfo=dt.UTC), tick=False):
        assert program.get(campaigns()).status_code == 200


def test_acting_is_counted_apart_from_reading(hospital, settings):
    settings.API_ACT_RATE = 1
    cache.clear()
    item = an_item(hospital, awaiting_claim=True)
    program = actor(hospital.head)

    codes = [program.post(claim(item)).status_code for _ in range(2)]

    assert (codes[0], codes[1]) == (200, 429)
    assert program.get(campaigns()).status_code == 200


def test_a_person_makes_and_withdraws_a_token_on_his_page(client, hospital):
    client.force_login(hospital.head)

    made = client.post(
        reverse("organisation:make_token"), {"name": "HIS", "scope": "read", "days": "30"}
    )
    text = re.search(r"rct_[\w-]+", made.content.decode())[0]
    listed = client.get(reverse("organisation:my_tokens")).content.decode()

    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get(campaigns(), headers=headers).status_code == 200
    assert "HIS" in listed
    assert text not in listed

    client.post(reverse("organisation:revoke_token", args=[ApiToken.objects.get().pk]))
    assert Client().get(campaigns(), headers=headers).status_code == 401


def test_the_administrator_sees_and_withdraws_everybodys_tokens_and_makes_none_for_others(
    client, hospital
):
    program = reader(hospital.head)
    client.force_login(hospital.administrator)

    listed = client.get(reverse("organisation:all_tokens")).content.decode()
    client.post(reverse("organisation:revoke_token", args=[program.token.pk]))

    assert "门诊主任" in listed
    assert program.get(campaigns()).status_code == 401
    with pytest.raises(PermissionDenied):
        actions.make_token(
            hospital.head, by=hospital.administrator, name="x", scope=TokenScope.ACT, days=1
        )


def test_nobody_withdraws_anothers_token(client, hospital):
    program = reader(hospital.head)
    client.force_login(hospital.office)

    answer = client.post(reverse("organisation:revoke_token", args=[program.token.pk]))

    assert answer.status_code == 404
    assert program.get(campaigns()).status_code == 200


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_a_year_at_most(hospital, days):
    with pytest.raises(ActionRefusedError):
        actions.make_token(
            hospital.head, by=hospital.head, name="x", scope=TokenScope.READ, days=days
        )
    assert not ApiToken.objects.exists()


def test_making_and_withdrawing_are_in_the_trail_without_the_token(hospital):
    program = Program(again(hospital.head))
    actions.revoke_token(program.token, by=again(hospital.head))

    entries = trail.entries([program.token])
    assert [entry.label for entry in entries] == ["Made an API token", "Withdrew an API token"]
    assert program.token.digest not in str(trail.snapshot(program.token))


def test_a_page_that_is_loaded_again_makes_no_second_token(hospital):
    facts = {"by": hospital.head, "name": "OA", "scope": TokenScope.READ, "days": 30}
    actions.make_token(hospital.head, **facts)

    with pytest.raises(ActionRefusedError, match="of this name"):
        actions.make_token(hospital.head, **facts)

    assert ApiToken.objects.filter(person=hospital.head).count() == 1
