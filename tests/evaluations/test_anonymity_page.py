"""The page that voters believe says nothing that no test proves, and hides nothing that is so."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[2]
LIMIT = "not-claimed"
STATEMENT = re.compile(r'<li data-test="([^"]*)">(.*?)</li>', re.DOTALL)


@pytest.fixture
def page(client, db):
    answer = client.get(reverse("voting:anonymity"))
    assert answer.status_code == 200
    return answer.content.decode()


def sections(page):
    """Heading → what it says: (test, sentence)."""
    parts = re.split(r'<h2 class="plain-h2">(.*?)</h2>', page)[1:]
    return {
        heading: STATEMENT.findall(content)
        for heading, content in zip(parts[::2], parts[1::2], strict=True)
    }


def known_tests():
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_statement_names_the_test_that_proves_it(page):
    named = {test for said in sections(page).values() for test, _sentence in said} - {LIMIT}

    assert len(named) > 15
    assert named - known_tests() == set()


def test_no_statement_stands_without_a_test(page):
    main = page[page.index("<main") : page.index("</main>")]

    assert len(re.findall(r"<li\b", main)) == len(STATEMENT.findall(main))
    assert all(test and sentence.strip() for test, sentence in STATEMENT.findall(main))


def test_what_is_not_claimed_stands_where_the_limits_are_told(page):
    not_claimed = Counter(
        heading
        for heading, said in sections(page).items()
        for test, _sentence in said
        if test == LIMIT
    )

    assert not_claimed["What we cannot promise"] == 8
    assert set(not_claimed) == {"What we cannot promise", "If you do not trust it"}
    assert {test for test, _sentence in sections(page)["What we cannot promise"]} == {LIMIT}


def test_whoever_has_not_signed_in_reads_the_same(client, hospital, page):
    client.force_login(hospital.staff)
    signed_in = client.get(reverse("voting:anonymity")).content.decode()

    assert sections(signed_in) == sections(page)
