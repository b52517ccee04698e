"""What every test gets: a PostgreSQL of its own, English, no network, and GET that writes nothing."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from core import embedded
from tests.people import hospital  # noqa: F401 -- a fixture for every test

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")


def pytest_configure(config):
    """Start the cluster once, in the process that hands the tests out."""
    if hasattr(config, "workerinput") or not hasattr(django_settings, "POSTGRES_HOME"):
        return
    if os.environ.get("TEST_POSTGRES_HOME"):
        remove_what_a_killed_run_left()
        embedded.join(django_settings.POSTGRES_HOME, durable=False)


def pytest_unconfigure(config):
    shutil.rmtree(django_settings.FILES_ROOT, ignore_errors=True)
    if hasattr(config, "workerinput"):
        return
    if os.environ.get("TEST_POSTGRES_HOME"):
        cluster = embedded.join(django_settings.POSTGRES_HOME, durable=False)
        cluster.leave()
        cluster.remove()


FOUNDING = Path(__file__).parents[2] / "shared" / "workbooks"


def pytest_collection_modifyitems(config, items):
    """Where the founding workbooks do not lie beside the checkout there is nothing to test."""
    if not FOUNDING.is_dir():
        left_out = [item for item in items if item.get_closest_marker("founding")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("founding")]


def pytest_terminal_summary(terminalreporter, config):
    """In CI everything is there that a test can need: one that was skipped proves nothing."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") and skipped:
        terminalreporter.section("skipped in CI", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[-1]}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def remove_what_a_killed_run_left():
    home = django_settings.POSTGRES_HOME
    prefix, _, _ = home.name.rpartition("-")
    for left in home.parent.glob(f"{prefix}-*"):
        if not Path(f"/proc/{left.name.rpartition('-')[2]}").exists():
            with suppress(embedded.EmbeddedServerError, OSError):
                embedded.Cluster(left, durable=False).remove()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The trail refuses TRUNCATE, with which tests of real transactions clear the tables."""
    from tests.audit.attack import let_the_test_database_be_flushed

    with django_db_blocker.unblock():
        let_the_test_database_be_flushed()


@pytest.fixture(autouse=True)
def language(request, settings):
    """Unit tests assert on the English message ids; journeys see what people see."""
    code = "zh-hans" if "journeys" in request.path.parts else "en"
    settings.LANGUAGE_CODE = code
    with translation.override(code):
        yield code


class WroteOnReadingError(AssertionError):
    pass


class ReadOpenBoxError(AssertionError):
    pass


class ReadingClient(Client):
    """Fails a GET that writes. A view that must record who read says why in ``records_reading``.

    And one that looks into a ballot box: nothing that anybody reads may depend on what lies there.
    """

    def generic(self, method, path, *args, **kwargs):
        if method not in {"GET", "HEAD"}:
            return super().generic(method, path, *args, **kwargs)
        with connection.execute_wrapper(self._refuse_boxes):
            if self._may_record(path):
                return super().generic(method, path, *args, **kwargs)
            with connection.execute_wrapper(self._refuse_writes):
                return super().generic(method, path, *args, **kwargs)

    @staticmethod
    def _may_record(path):
        try:
            return bool(getattr(resolve(path.partition("?")[0]).func, "records_reading", ""))
        except Resolver404:
            return False

    @staticmethod
    def _refuse_boxes(execute, sql, params, many, context):
        if "ballots_boxshard" in str(sql):
            raise ReadOpenBoxError(sql)
        return execute(sql, params, many, context)

    @staticmethod
    def _refuse_writes(execute, sql, params, many, context):
        if str(sql).lstrip(" (").upper().startswith(WRITES):
            raise WroteOnReadingError(sql)
        return execute(sql, params, many, context)


@pytest.fixture
def client():
    return ReadingClient()
