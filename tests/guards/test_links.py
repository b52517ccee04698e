"""Whoever follows the links of his pages arrives, and a number opens as many rows as it says."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import resolve

from tests.conftest import ReadingClient
from tests.world import world  # noqa: F401 -- a fixture

WALKERS = (
    "secretary",
    "vp",
    "office",
    "discipline",
    "head",
    "liaison",
    "staff",
    "supervisor",
    "administrator",
)
MOST_PAGES = 120
ALIKE = {"rectification:detail": 6, "issues:detail": 4}
"""How many pages of a view, asked with the same words, are looked at; of the others one."""
NUMBERS = {"tile-n", "tab-n"}


class Page(HTMLParser):
    """The links of a page, those that carry a number, and how many rows its list says it has."""

    def __init__(self, text):
        super().__init__()
        self.links, self.numbered, self.rows = [], [], None
        self._open, self._link, self._number, self._status = [], None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._link = given["href"]
            self.links.append(self._link)
        if set((given.get("class") or "").split()) & NUMBERS:
            self._number = self._link
        self._status = self._status or (tag, given.get("role")) == ("span", "status")

    def handle_data(self, data):
        found = re.search(r"\d+", data.replace(",", ""))
        if self._number and data.strip().isdigit():
            self.numbered.append((self._number, int(data)))
            self._number = None
        if self._status and found and self.rows is None:
            self.rows = int(found[0])

    def handle_endtag(self, tag):
        if tag == "a":
            self._link = None
        self._status = self._status and tag != "span"


def is_ours(where):
    parts = urlsplit(where)
    return not parts.netloc and parts.scheme in {"", "http"}


def kind_of(where):
    """Pages of one view that are asked the same way are alike."""
    parts = urlsplit(where)
    return resolve(parts.path).view_name, frozenset(parse_qs(parts.query))


def page_at(browser, where):
    response = browser.get(where, follow=True)
    for close_file in response._resource_closers if response.streaming else ():
        close_file()
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code, Page(response.content.decode()) if is_html else None


class Walk:
    """All pages that can be reached from home, at most so many of one kind."""

    def __init__(self, browser):
        self.browser = browser
        self.ahead, self.seen, self.kinds, self.counted, self.broken = ["/"], [], {}, set(), []

    def go(self):
        while self.ahead and len(self.seen) < MOST_PAGES:
            where = self.ahead.pop(0)
            self.seen.append(where)
            status, page = page_at(self.browser, where)
            if status != 200:
                self.broken.append(f"{where}: {status}")
            elif page is not None:
                self.count(where, page)
                self.note(where, page)
        return self

    def count(self, where, page):
        """Once for each view: open every number of the page."""
        view = resolve(urlsplit(where).path).view_name
        for link, number in page.numbered if view not in self.counted else ():
            target = urljoin(where, link)
            rows = page_at(self.browser, target)[1].rows
            if rows is not None and rows != number and not urlsplit(target).fragment:
                self.broken.append(f"{where}: {number} opens {target} with {rows}")
        self.counted.add(view)

    def note(self, where, page):
        for link in page.links:
            target = urljoin(where, link).partition("#")[0]
            if not is_ours(target) or target in self.seen or target in self.ahead:
                continue
            kind = kind_of(target)
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            if self.kinds[kind] <= ALIKE.get(kind[0], 1):
                self.ahead.append(target)


@pytest.mark.parametrize("who", WALKERS)
def test_every_link_of_every_page_arrives_and_every_number_is_true(world, who):  # noqa: F811
    browser = ReadingClient()
    browser.force_login(world.hospital.people()[who])

    walk = Walk(browser).go()

    assert walk.broken == []
    assert len(walk.seen) > 4
