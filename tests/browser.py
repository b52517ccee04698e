"""Chromium for the tests that need a real browser; where there is none, they are skipped."""

import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser():
    """One for a module: Playwright keeps an event loop in this thread, which the database does not mind."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed here, so nothing was tried in a browser.")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as tool:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = tool.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()
