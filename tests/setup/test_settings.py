import ast
import re
import runpy
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret_key import kept_secret_key

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "p9XkQ2vT7mLr4sWz8bNc1hYf6jGd3aEe5uRo0iVt",
    "ALLOWED_HOSTS": "hospital.test",
    "DATABASE_URL": "postgres://rectification@db.test/rectification",
    "REDIS_URL": "redis://broker.test/0",
}


@pytest.fixture
def load(monkeypatch, tmp_path):
    """The settings as a process with this environment would read them."""

    def load(**environment):
        for name in names_in_settings():
            monkeypatch.delenv(name, raising=False)
        for name, value in {"VAR_ROOT": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return load


def names_in_settings():
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    }


def names_in_the_table():
    table = (ROOT / "docs" / "operations.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def test_the_table_of_settings_is_complete_and_names_no_other():
    assert names_in_the_table() == names_in_settings() | {"PORT"}


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-" + "x" * 50, "SECRET_KEY"),
        ("DEBUG", "on", "DEBUG"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("REDIS_URL", "", "REDIS_URL"),
    ],
)
def test_production_refuses_to_start_and_says_why(load, setting, value, sentence):
    with pytest.raises(ImproperlyConfigured, match=f"Refusing to start in production. {sentence}"):
        load(**{**SAFE, setting: value})


def test_an_environment_that_nobody_knows_is_refused(load):
    with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT"):
        load(**{**SAFE, "ENVIRONMENT": "prod"})


def test_production_keeps_cookies_and_pages_to_https(load):
    settings = load(**SAFE)

    assert {
        name: settings[name]
        for name in (
            "DEBUG",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
            "CELERY_BROKER_URL",
        )
    } == {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CELERY_BROKER_URL": "redis://broker.test/0",
    }


def test_no_page_may_carry_a_script_or_style_in_itself(load):
    sources = load(**SAFE)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"].values()

    assert {source for listed in sources for source in listed} == {"'self'", "'none'", "data:"}


def test_one_machine_needs_no_setting_and_keeps_a_key_of_its_own(load, tmp_path):
    first, second = load(), load()

    assert first["SECRET_KEY"] == second["SECRET_KEY"] == (tmp_path / "secret-key").read_text()
    assert len(first["SECRET_KEY"]) > 50
    assert first["DATABASES"]["default"]["ENGINE"] == "core.postgresql"
    assert first["CELERY_BROKER_URL"].startswith("filesystem://")


def test_the_kept_key_is_for_its_owners_eyes(tmp_path):
    kept_secret_key(tmp_path / "new" / "key")

    assert stat.S_IMODE((tmp_path / "new" / "key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["key"]
