"""Browsers for people: signed in, in Chinese, on a desk or on a phone, and heard when they complain."""

import pytest
from django.conf import settings
from django.test import Client

import messaging.tasks  # noqa: F401 -- known by name, as in a worker, so that jobs are done at once
from tests.browser import browser  # noqa: F401 -- a fixture for the journeys
from tests.journeys.visitor import DESK, HEIGHTS, PHONE, Visitor


def pytest_collection_modifyitems(items):
    here = __name__.rpartition(".")[0].replace(".", "/")
    for item in items:
        if here in item.path.as_posix():
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


def sign_in(context, host, person):
    """With the cookie that signing in gives: quicker, and one journey goes through the page itself."""
    client = Client()
    client.force_login(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": host}])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.went_wrong = report.failed
    return report


@pytest.fixture
def visit(request, tmp_path, browser, live_server, transactional_db):  # noqa: F811
    """``visit(person)`` at a desk, ``visit(person, width=PHONE)`` on a phone, ``visit()`` without signing in."""
    contexts, visitors = [], []

    def start(person=None, *, width=DESK, scripts=True):
        context = browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": HEIGHTS[width]},
            has_touch=width == PHONE,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if person is not None:
            sign_in(context, live_server.url, person)
        visitor = Visitor(context.new_page(), live_server.url)
        visitors.append(visitor)
        return visitor

    yield start
    if getattr(request.node, "went_wrong", False):
        for n, visitor in enumerate(visitors, start=1):
            picture = tmp_path / f"visitor-{n}.png"
            visitor.tab.screenshot(path=picture, full_page=True)
            print(f"{visitor.address}: {picture}")  # noqa: T201 -- where to look after a failure
    for context in contexts:
        context.close()
    assert [said for visitor in visitors for said in visitor.complaints] == []


@pytest.fixture
def hospital(visit):
    """Made after the browser is there, in tables that the live server reads too."""
    from tests.people import small_hospital

    return small_hospital()
