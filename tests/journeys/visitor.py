"""Somebody at a browser: goes, taps, writes, and sees; and what the browser complained of meanwhile."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

PATIENCE = 20_000
DESK, PHONE = 1093, 360
HEIGHTS = {DESK: 614, PHONE: 780}
EXPECTED = re.compile(
    r"the server responded with a status of (403|404|422)|Response Status Error Code 422"
)


expect.set_options(timeout=PATIENCE)


class Visitor:
    """``taps`` counts what a hand does: a tap, a choice, Enter, and going into a field to write."""

    def __init__(self, tab, host):
        self.tab = tab
        self.host = host
        self.taps = 0
        self.complaints = []
        self.pages = []
        tab.set_default_timeout(PATIENCE)
        tab.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        tab.on("console", self._hear)
        tab.on("request", self._look_where)
        tab.on("response", self._note)

    def _hear(self, said):
        if said.type == "error" and not EXPECTED.search(said.text):
            self.complaints.append(f"console: {said.text}")

    def _look_where(self, request):
        where = urlsplit(request.url)
        if where.scheme in {"http", "https"} and f"{where.scheme}://{where.netloc}" != self.host:
            self.complaints.append(f"asked another host: {request.url}")

    def _note(self, response):
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")
        if response.request.is_navigation_request():
            self.pages.append(urlsplit(response.url).path)

    def goes_to(self, address):
        answer = self.tab.goto(f"{self.host}{address}")
        return answer.status if answer else None

    @property
    def address(self):
        where = urlsplit(self.tab.url)
        return where.path + (f"?{where.query}" if where.query else "")

    def link(self, name, within=None, exact=False):
        return (within or self.tab).get_by_role("link", name=name, exact=exact)

    def button(self, name, within=None, exact=False):
        return (within or self.tab).get_by_role("button", name=name, exact=exact)

    def field(self, label, within=None):
        """By the words before the star that marks what is required."""
        words = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        return (within or self.main).get_by_label(words)

    @property
    def main(self):
        return self.tab.locator("#main")

    def taps_link(self, name, within=None, exact=False):
        self.taps_on(self.link(name, within, exact).first)

    def taps_button(self, name, within=None, exact=False):
        self.taps_on(self.button(name, within, exact).first)

    def taps_on(self, thing):
        thing.click()
        self.taps += 1

    def writes(self, label, text, within=None):
        self.field(label, within).first.fill(text)
        self.taps += 1

    def chooses(self, label, option, within=None):
        """In a plain select; in one that can be searched, as a person would: open, type, take it."""
        select = self.field(label, within).first
        if "tomselected" not in (select.get_attribute("class") or ""):
            select.select_option(label=option)
            self.taps += 1
            return
        identity = select.get_attribute("id")
        wrapper = self.tab.locator(f"#{identity} + .ts-wrapper")
        wrapper.locator(".ts-control").click()
        wrapper.locator(".option", has_text=option).first.click()
        self.taps += 2

    def sees(self, *texts, within=None):
        for text in texts:
            expect((within or self.main).get_by_text(text).first).to_be_visible()

    def sees_not(self, *texts):
        for text in texts:
            expect(self.main.get_by_text(text)).to_have_count(0)

    def is_at(self, pattern):
        self.tab.wait_for_url(re.compile(pattern))

    def has_no_button(self, *names):
        for name in names:
            expect(self.button(name)).to_have_count(0)
