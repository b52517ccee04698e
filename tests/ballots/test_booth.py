"""The booth as it is served: small, the same for everybody, and its scripts named by their digest."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64decode

import pytest

from evaluations.counting.comments import PATTERNS, identifying
from tests.evaluations.factories import a_frozen_round
from tests.guards.source import ROOT

pytestmark = pytest.mark.django_db

LARGEST = 100 * 1024
PARTS = re.compile(r'<(?:link|script)[^>]*?(?:href|src)="([^"]+\.(?:css|js|svg))"([^>]*)')
NODE = shutil.which("node")


@pytest.fixture
def page(client, hospital):
    round_ = a_frozen_round(hospital)
    return client.get(f"/box/{round_.election_id}/").content.decode()


def served(address):
    return (ROOT / address.lstrip("/")).read_bytes()


def test_the_booth_is_under_100_kilobytes_in_all(page):
    parts = {address: served(address) for address, _more in PARTS.findall(page)}

    whole = len(page.encode()) + sum(map(len, parts.values()))

    assert {address.rpartition("/")[2] for address in parts} >= {"booth.js", "booth.css"}
    assert whole < LARGEST
    packed = sum(len(gzip.compress(each)) for each in (page.encode(), *parts.values()))
    assert packed < LARGEST / 3


def test_every_script_is_named_with_the_digest_of_its_content(page):
    scripts = {a: more for a, more in PARTS.findall(page) if a.endswith(".js")}

    for address, more in scripts.items():
        named = re.search(r'integrity="sha384-([^"]+)"', more)[1]
        assert b64decode(named) == hashlib.sha384(served(address)).digest(), address


def test_whatever_the_booth_imports_is_named_with_it():
    """A module without its digest on the page could be changed on its way."""
    booth = (ROOT / "templates/ballots/booth.html").read_text()
    board = (ROOT / "templates/ballots/board.html").read_text()

    for page, first in ((booth, "booth.js"), (board, "board.js")):
        assert imported(first) <= set(re.findall(r"ballots/([a-z]+\.js)", page))


def imported(name):
    text = (ROOT / "static/ballots" / name).read_text()
    found = set(re.findall(r'from "\./([a-z]+\.js)"', text))
    return {name} | set().union(*(imported(one) for one in found))


def test_the_page_loads_nothing_of_the_rest_of_the_product(page):
    addresses = {address for address, _more in PARTS.findall(page)}

    assert {a for a in addresses if not a.startswith("/static/ballots/")} == {
        "/static/icons/seal.svg"
    }
    assert "csrf" not in page


def test_the_browser_asks_the_same_table_of_telltale_words():
    """One table in two files: the browser must not need to send a text to look at it."""
    script = (ROOT / "static/ballots/hints.js").read_text()
    rows = re.findall(r"^  \[(\".*\"), (\".*\")\],$", script, re.MULTILINE)

    found = [(json.loads(code), json.loads(pattern)) for code, pattern in rows]

    assert found == [(trace.value, pattern) for trace, pattern in PATTERNS]


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed here.")
def test_the_browser_finds_what_the_server_finds():
    texts = [
        "上次我跟您说9月3日夜班的事",
        "我们科小王在3床",
        "办事很快",
        "工号A12345，手机13812345678",
    ]
    program = (
        f"import {{ hintsIn }} from {json.dumps(str(ROOT / 'static/ballots/hints.js'))};"
        f"console.log(JSON.stringify({json.dumps(texts)}.map(hintsIn)))"
    )

    answer = subprocess.run(
        [NODE, "--input-type=module", "-e", program], capture_output=True, text=True, check=True
    )

    found = [
        [(one["code"], one["start"], one["end"]) for one in each]
        for each in json.loads(answer.stdout)
    ]
    assert found == [
        [(hint.trace.value, hint.start, hint.end) for hint in identifying(text)] for text in texts
    ]
    assert [len(each) for each in found] == [3, 3, 0, 2]
