"""The frame of every page: landmarks, menu, campaigns, language, words for scripts."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

PAGE = '{% extends "base.html" %}{% block title %}Ledger{% endblock %}{% block h1 %}Ledger{% endblock %}'
PERSON = SimpleNamespace(
    pk=7, name="Zhou Min", is_authenticated=True, get_username=lambda: "office"
)
NOW = SimpleNamespace(pk=1, name="This year", url="/c/1/")
THEN = SimpleNamespace(pk=2, name="Last year", url="/c/2/")


def page(user=PERSON, source=PAGE, **context):
    request = RequestFactory().get("/somewhere/?q=a")
    return Template(source).render(
        Context({"request": request, "user": user, "csrf_token": "t" * 64, **context})
    )


def test_a_page_has_one_heading_and_its_landmarks():
    html = page()

    assert html.count("<h1") == 1
    assert len(re.findall(r"<main\b", html)) == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_a_page_says_its_language(language, lang):
    with translation.override(language):
        assert f'<html lang="{lang}">' in page()


def test_the_menu_shows_what_it_is_given_and_where_one_is():
    nav = [
        {"label": "Home", "url": "/", "icon": "home", "is_current": False, "count": 5, "key": "h"},
        {"label": "Ledger", "url": "/l/", "icon": "table", "is_current": True, "count": 0},
    ]

    links = re.findall(r"<a class=\"side-link\".*?</a>", page(nav=nav), re.DOTALL)

    assert ["aria-current" in link for link in links] == [False, True]
    assert [">5<" in link for link in links] == [True, False]
    assert 'data-go="h"' in links[0]


def test_the_campaign_switch_offers_the_others_and_marks_this_one():
    html = page(campaigns=[NOW, THEN], campaign=NOW)

    items = re.findall(r"<a class=\"dropdown-item\" href=\"/c/\d/\"[^>]*>", html)
    assert items == [
        '<a class="dropdown-item" href="/c/1/" aria-current="true">',
        '<a class="dropdown-item" href="/c/2/">',
    ]


def test_the_other_language_is_a_form_that_comes_back_here():
    html = page()

    assert 'name="language" value="zh-hans"' in html
    assert '<input type="hidden" name="next" value="/somewhere/?q=a">' in html


def test_swaps_carry_the_token():
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", page())


def test_drafts_belong_to_the_person():
    assert 'data-person="7"' in page()


def test_a_stranger_sees_no_menu():
    html = page(user=AnonymousUser())

    assert "side-menu" not in html
    assert "data-person" not in html


def test_a_message_is_announced():
    html = page(messages=[SimpleNamespace(level_tag="success", __str__=lambda s: "Saved")])

    assert 'role="status" aria-live="polite"' in html
    assert "note-normal" in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_but_itself(name):
    html = render_to_string(f"{name}.html")

    assert html.count("<h1") == 1
    assert 'href="/"' in html


def test_the_timeline_says_who_when_what_why_and_what_changed():
    entry = {
        "who": "Li Jianguo",
        "role": "head of the outpatient department",
        "label": "Deadline changed",
        "at": None,
        "reason": "Parts are late",
        "attempt": 2,
        "kind": "info",
        "changes": [{"label": "Deadline", "before": "10-15", "after": "11-15"}],
    }

    html = render_to_string("core/_timeline.html", {"entries": [entry]})

    for said in ("Li Jianguo", "Deadline changed", "Parts are late", "Attempt 2"):
        assert said in html
    assert "<del>10-15</del> <ins>11-15</ins>" in html
