"""The tags and filters of the kit: what a page author writes, what the reader gets."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from core.templatetags import kit

SATURDAY = dt.date(2026, 11, 21)


def draw(source, path="/", **context):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return Template("{% load kit i18n %}" + source).render(RequestContext(request, context))


@pytest.mark.parametrize(
    ("kind", "shape", "word"),
    [
        ("normal", "●", "On time"),
        ("near", "▲", "Due soon"),
        ("overdue", "■", "Overdue"),
        ("remind", "◆", "In hand"),
        ("closed", "✓", "Signed off"),
        ("paused", "◷", "Clock stopped"),
        ("none", "○", "No deadline"),
    ],
)
def test_a_light_has_a_shape_and_a_word_beside_its_colour(kind, shape, word):
    drawn = draw("{% light kind %}", kind=kind)

    assert f"light-{kind}" in drawn
    assert shape in drawn
    assert word in drawn


def test_a_light_says_what_the_page_knows_better():
    assert "3 days left" in draw("{% light 'near' '3 days left' %}")


def test_a_light_of_no_known_kind_is_neutral():
    assert "light-none" in draw("{% light 'pink' %}")


def test_what_a_badge_says_is_escaped():
    assert "&lt;b&gt;" in draw("{% badge said 'near' %}", said="<b>")


def test_a_state_takes_its_colour_from_the_model():
    class Item:
        STATE_KINDS = {"open": "remind"}
        state = "open"

        def get_state_display(self):
            return "Open"

    assert draw("{% state_badge item %}", item=Item()) == (
        '<span class="state state-remind">Open</span>'
    )


def test_a_state_takes_its_colour_from_a_mapping_handed_in():
    item = SimpleNamespace(state="gone", get_state_display=lambda: "Gone")

    assert "state-closed" in draw(
        "{% state_badge item kinds %}", item=item, kinds={"gone": "closed"}
    )


def test_an_icon_is_hidden_from_those_who_listen():
    drawn = draw('{% icon "plus" class="icon-lg" %}')

    assert 'aria-hidden="true"' in drawn
    assert "vendor/icons/sprite.svg#plus" in drawn
    assert 'class="icon icon-lg"' in drawn


def test_a_day_is_written_the_office_way_in_chinese():
    with translation.override("zh-hans"):
        assert kit.cn_date(SATURDAY) == "2026年11月21日（周六）"


def test_a_day_is_written_in_iso_with_its_weekday_in_english():
    assert kit.cn_date(SATURDAY) == "2026-11-21 (Sat)"


def test_a_column_of_days_is_headed_by_one_character():
    assert kit.weekday(SATURDAY) == "Sat"
    with translation.override("zh-hans"):
        assert kit.weekday(SATURDAY) == "六"


def test_a_moment_is_shown_in_local_time():
    late = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)

    assert kit.cn_date(late) == "2026-11-21 (Sat)"
    assert kit.cn_time(late) == "2026-11-21 00:30"
    assert kit.iso(late) == "2026-11-21"
    with translation.override("zh-hans"):
        assert kit.cn_time(late) == "2026年11月21日 00:30"


def test_no_date_is_an_empty_cell():
    assert [kit.cn_date(None), kit.cn_time(None), kit.iso(None)] == ["", "", ""]


def test_a_naive_moment_is_taken_as_it_is():
    assert kit.cn_time(timezone.make_naive(timezone.now())) != ""


def test_words_looked_for_are_marked_whatever_their_case():
    assert kit.highlight("Ward 3 ward", "WARD") == "<mark>Ward</mark> 3 <mark>ward</mark>"


def test_marking_words_does_not_open_the_page_to_markup():
    assert kit.highlight("<b>door</b>", "door") == "&lt;b&gt;<mark>door</mark>&lt;/b&gt;"
    assert kit.highlight("<b>", "") == "&lt;b&gt;"


def test_words_are_marked_as_typed_even_if_they_look_like_a_pattern():
    assert kit.highlight("a.c abc", "a.c") == "<mark>a.c</mark> abc"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (512, "512 B"),
        (1536, "1.5 KB"),
        (1_258_291, "1.2 MB"),
        (5_368_709_120, "5.0 GB"),
    ],
)
def test_a_size_is_written_in_the_unit_a_person_would_use(size, words):
    assert kit.file_size(size) == words


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 3, 33), (0, 5, 0), (5, 0, 0), (9, 3, 100), (None, 3, 0)]
)
def test_a_share_stays_between_0_and_100(part, whole, share):
    assert kit.percent_of(part, whole) == share


def test_a_sort_header_keeps_the_query_and_starts_at_the_first_page():
    drawn = draw('{% sort_header "due" "Due" %}', path="/ledger/?q=a&page=3")

    assert 'href="/ledger/?q=a&amp;sort=due"' in drawn


def test_a_second_press_on_a_sort_header_turns_the_order_round():
    assert "sort=-due" in draw('{% sort_header "due" "Due" %}', path="/?sort=due")
    assert '?sort=due"' in draw('{% sort_header "due" "Due" %}', path="/?sort=-due")


def test_a_sort_header_may_swap_the_list_alone():
    drawn = draw('{% sort_header "due" "Due" target="#item-table" %}')

    assert 'hx-target="#item-table"' in drawn


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?sort=due", 'aria-sort="ascending"'),
        ("/?sort=-due", 'aria-sort="descending"'),
        ("/?sort=number", ""),
        ("/", ""),
    ],
)
def test_a_column_says_in_which_direction_it_is_sorted(path, said):
    assert draw('{% aria_sort "due" %}', path=path) == said


def test_a_pager_keeps_the_query_and_leaves_out_distant_pages():
    page = Paginator(range(1000), 50).page(10)

    drawn = draw('{% include "core/_pager.html" with target="#t" %}', path="/x/?q=a", page=page)

    assert 'href="/x/?q=a&amp;page=11"' in drawn
    assert 'aria-current="page">10</a>' in drawn
    assert "page=5" not in drawn
    assert "451–500 of 1000" in drawn


def test_a_single_page_needs_no_pager():
    page = Paginator(range(3), 50).page(1)

    assert draw('{% include "core/_pager.html" %}', page=page).strip() == ""


def test_a_deadline_that_only_names_its_day_is_not_said_twice():
    day = dt.date(2026, 12, 2)

    assert kit.unless_day("2026年12月2日", day) == ""
    assert kit.unless_day("2026-12-02", day) == ""
    assert kit.unless_day("立行立改", day) == "立行立改"
    assert kit.unless_day("2026年11月31日", day) == "2026年11月31日"
    assert kit.unless_day("长期坚持", None) == "长期坚持"


@pytest.mark.parametrize("source", ["{% badge said %}", "{% light 'near' said %}"])
def test_what_somebody_wrote_is_escaped_in_a_badge_and_a_light(source):
    assert "&lt;b&gt;&amp;" in draw(source, said="<b>&")
