"""What stands before and beside the pages writes nothing down about a ballot, and passes nothing on."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import RequestFactory

from ballots import keyring
from core.proxy import client_address_middleware
from evaluations.queries import secrecy
from tests.setup.test_compose import COMPOSE, OURS, SERVICES, words
from tests.setup.test_settings import SAFE, load  # noqa: F401 -- a fixture

ROOT = Path(__file__).resolve().parents[2]
CADDY = (ROOT / "Caddyfile").read_text()


def block(start):
    """What stands between the braces that open after these words."""
    depth, at = 1, CADDY.index("{", CADDY.index(start)) + 1
    first = at
    while depth:
        depth += {"{": 1, "}": -1}.get(CADDY[at], 0)
        at += 1
    return CADDY[first : at - 1]


def database_settings():
    given = words("postgres")
    return dict(word.split("=") for word in given if "=" in word)


def test_the_proxy_writes_no_line_about_the_boxes_nor_about_who_fetches_a_ticket():
    [unwritten] = re.findall(r"@unwritten path (.*)", CADDY)

    assert {"/box/*", "/voting/*", "/static/*"} == set(unwritten.split())
    assert "log_skip @unwritten" in CADDY
    assert "exclude http.log.error http.handlers.reverse_proxy" in block("log default")
    assert "respond" in block("handle_errors")


def test_the_proxy_passes_on_nothing_about_who_casts():
    taken_off = set(re.findall(r"header_up -(\S+)", block("handle @box")))

    assert re.search(r"@box path /box/\*", CADDY)
    assert taken_off == {
        "Cookie",
        "Authorization",
        "X-Forwarded-For",
        "X-Real-IP",
        "User-Agent",
        "Referer",
    }
    assert "header_up" not in CADDY.replace(block("handle @box"), "")


def test_the_web_server_writes_no_access_log():
    told = [
        word for name in OURS for word in words(name) if "access" in word or "log-config" in word
    ]

    assert told == []


def test_the_database_is_told_to_write_nothing_down_and_to_forget_nothing():
    told = database_settings()

    assert {name: told.get(name) for name in secrecy.WANTED} == {
        "track_commit_timestamp": "off",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_min_duration_sample": "-1",
        "log_transaction_sample_rate": "0",
        "log_parameter_max_length_on_error": "0",
        "log_min_error_statement": "panic",
        "wal_level": "replica",
    }
    assert {
        name for name, value in told.items() if value not in secrecy.WANTED.get(name, {value})
    } == set()
    assert set(told) & (set(secrecy.KEEPS) | {"shared_preload_libraries"}) == set()


def test_the_keys_of_the_boxes_lie_in_memory_where_those_who_count_can_reach_them():
    about = COMPOSE["volumes"]["box-keys"]["driver_opts"]
    place = SERVICES["web"]["environment"]["BOX_KEY_DIR"]
    options = dict(each.partition("=")[::2] for each in about["o"].split(","))
    [uid] = re.findall(r"useradd --uid (\d+)", (ROOT / "Dockerfile").read_text())

    assert about["type"] == "tmpfs"
    assert (options["mode"], options["uid"]) == ("0700", uid)
    assert {
        name
        for name, service in SERVICES.items()
        if f"box-keys:{place}" in service.get("volumes", ())
    } == {"web", "worker"}


def test_no_process_of_ours_leaves_an_image_of_its_memory():
    limits = {name: SERVICES[name].get("ulimits", {}).get("core") for name in OURS | {"postgres"}}

    assert set(limits.values()) == {0}


def test_ballots_are_written_by_a_role_of_their_own():
    given = SERVICES["web"]["environment"]

    assert given["BOX_DATABASE_URL"].startswith("postgres://ballots:${BOX_PASSWORD")
    assert given["DATABASE_URL"].partition("@")[2] == given["BOX_DATABASE_URL"].partition("@")[2]
    assert "manage.py box_role" in words("migrate")[2]


def test_the_door_of_the_boxes_stands_before_all_else_behind_a_proxy_too(load):  # noqa: F811
    for more in ({}, {"BEHIND_PROXY": "true"}):
        assert load(**SAFE, **more)["MIDDLEWARE"][0] == secrecy.DOOR


def test_the_senders_address_is_not_read_for_a_ballot(settings):
    """What the proxy says of the caller reaches the pages, and never what answers for the boxes."""
    from ballots.middleware import BoxDoor

    seen = []
    inner = client_address_middleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))
    ask = RequestFactory(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="10.9.8.7")
    page, ballot = ask.get("/voting/"), ask.get("/box/nothing")

    BoxDoor(inner)(page)
    BoxDoor(inner)(ballot)

    assert seen == ["10.9.8.7"]
    assert ballot.META["REMOTE_ADDR"] == "10.0.0.1"


def test_a_key_is_a_file_for_its_owner_alone(settings, tmp_path):
    import uuid

    settings.BOX_KEY_DIR, election = tmp_path / "keys", uuid.uuid4()

    keyring.make(election)

    [key] = settings.BOX_KEY_DIR.iterdir()
    assert (settings.BOX_KEY_DIR.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


@pytest.mark.parametrize("more", [{}, {"databases": ["default"]}])
@pytest.mark.django_db
def test_the_deploy_check_says_what_a_freeze_would_refuse(settings, more, capsys):
    from django.core.management.base import SystemCheckError

    settings.SITE_URL = "http://hospital.test"

    with pytest.raises(SystemCheckError) as said:
        call_command("check", deploy=True, fail_level="WARNING", **more)

    assert {"evaluations.https", "evaluations.box_role"} <= set(
        re.findall(r"evaluations\.\w+", str(said.value))
    )
    assert ("evaluations.database_forgets" in str(said.value)) == bool(more)
