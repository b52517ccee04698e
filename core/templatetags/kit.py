"""The words and shapes that every page shares: icons, lights, badges, sorting, dates."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import TYPE_CHECKING, Any

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import dates, timezone, translation
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.core.paginator import Page
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

register = template.Library()

SHAPES = {
    "normal": "●",
    "near": "▲",
    "overdue": "■",
    "remind": "◆",
    "closed": "✓",
    "paused": "◷",
    "none": "○",
}
WORDS: dict[str, StrOrPromise] = {
    "normal": pgettext_lazy("light", "On time"),
    "near": pgettext_lazy("light", "Due soon"),
    "overdue": pgettext_lazy("light", "Overdue"),
    "remind": pgettext_lazy("light", "In hand"),
    "closed": pgettext_lazy("light", "Signed off"),
    "paused": pgettext_lazy("light", "Clock stopped"),
    "none": pgettext_lazy("light", "No deadline"),
}
KILO = 1024
CHINESE_WEEKDAYS = "一二三四五六日"


def known(kind: str) -> str:
    """A kind that nobody drew looks neutral rather than broken."""
    return kind if kind in SHAPES else "none"


@register.simple_tag
def icon(name: str, **attrs: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, so the text beside it must say the same."""
    more = f" {_escaped(attrs['class'])}" if "class" in attrs else ""
    place = f"{static('vendor/icons/sprite.svg')}#{_escaped(name)}"
    return mark_safe(  # noqa: S308 -- escaped
        f'<svg class="icon{more}" aria-hidden="true" focusable="false"><use href="{place}"/></svg>'
    )


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a select, as its widget groups them.

    In Python, because a choice of two hundred departments would otherwise be two hundred templates,
    and most of the work of its page.
    """
    written = []
    for name, group, _at in groups:
        lines = "".join(map(_option, group))
        if name:
            lines = f'\n  <optgroup label="{_escaped(name)}">{lines}\n  </optgroup>'
        written.append(lines)
    return mark_safe("".join(written))  # noqa: S308 -- each piece is escaped where it enters


def _option(option: dict[str, Any]) -> str:
    attributes = {name: value for name, value in option["attrs"].items() if value is not False}
    said = flatatt(attributes) if attributes else ""
    return f'\n  <option value="{_escaped(option["value"])}"{said}>{_escaped(option["label"])}</option>'


def _escaped(text: object) -> str:
    """What ``conditional_escape`` answers, at a tenth of its cost: a long page asks it a thousand times."""
    if isinstance(text, Promise):
        text = str(text)
    return text.__html__() if hasattr(text, "__html__") else html.escape(str(text))


@register.simple_tag
def light(kind: str, text: StrOrPromise = "") -> SafeString:
    """Show a light as shape, word and colour; print in black and white keeps two of the three."""
    kind = known(kind)
    return mark_safe(  # noqa: S308 -- escaped
        f'<span class="light light-{kind}"><span class="light-shape" aria-hidden="true">'
        f'{SHAPES[kind]}</span><span class="light-text">{_escaped(text or WORDS[kind])}</span></span>'
    )


@register.simple_tag
def badge(text: StrOrPromise, kind: str = "none") -> SafeString:
    """Show a word on the tint of a kind, without a shape."""
    return mark_safe(f'<span class="state state-{known(kind)}">{_escaped(text)}</span>')  # noqa: S308 -- escaped


@register.simple_tag
def state_badge(obj: Any, kinds: Mapping[str, str] | None = None) -> SafeString:
    """Show the state of a row; its colour comes from ``kinds`` or from the model's ``STATE_KINDS``."""
    colours = kinds if kinds is not None else getattr(type(obj), "STATE_KINDS", {})
    return badge(obj.get_state_display(), colours.get(obj.state, "none"))


def sorted_by(context: template.Context) -> str:
    request = context.get("request")
    return request.GET.get("sort", "") if request else ""


@register.simple_tag(takes_context=True)
def aria_sort(context: template.Context, field: str) -> SafeString:
    """Say on a ``th`` in which direction the list is sorted by this column, if it is."""
    now = sorted_by(context)
    if now.removeprefix("-") != field:
        return mark_safe("")
    return format_html('aria-sort="{}"', "descending" if now.startswith("-") else "ascending")


@register.inclusion_tag("core/_sort_header.html", takes_context=True)
def sort_header(
    context: template.Context, field: str, label: StrOrPromise, target: str = ""
) -> dict[str, object]:
    """Link a column's name to the list sorted by it; a second press turns the order round."""
    now = sorted_by(context)
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{field}" if now == field else field
    mark = "chevron-up" if now == field else "chevron-down" if now == f"-{field}" else "selector"
    url = f"{context['request'].path}?{query.urlencode()}"
    return {"label": label, "url": url, "mark": mark, "target": target, "sorted": bool(now)}


@register.filter
def cn_date(value: dt.date | dt.datetime | None) -> str:
    """Write a day as an office does: 2026年11月21日（周六）, or 2026-11-21 (Sat) in English."""
    day = local_day(value)
    if day is None:
        return ""
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日（周{CHINESE_WEEKDAYS[day.weekday()]}）"
    return f"{day.isoformat()} ({dates.WEEKDAYS_ABBR[day.weekday()]})"


@register.filter
def weekday(value: dt.date) -> str:
    """The head of a column of days: 六, or Sat in English."""
    return (
        CHINESE_WEEKDAYS[value.weekday()]
        if in_chinese()
        else str(dates.WEEKDAYS_ABBR[value.weekday()])
    )


@register.filter
def cn_time(value: dt.datetime | None) -> str:
    """Write a moment as an office does, in local time, to the minute."""
    if not value:
        return ""
    moment = local(value)
    if in_chinese():
        return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
    return f"{moment:%Y-%m-%d %H:%M}"


@register.filter
def iso(value: dt.date | dt.datetime | None) -> str:
    """Write a day so that a column of them lines up."""
    day = local_day(value)
    return day.isoformat() if day else ""


@register.filter
def unless_day(text: str, day: dt.date | None) -> str:
    """The deadline as it was written, or nothing where that only names the day again."""
    written = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?", text.strip())
    same = day and written and tuple(map(int, written.groups())) == (day.year, day.month, day.day)
    return "" if same else text


@register.filter
def date_value(value: object) -> str:
    """A native date input takes ISO only; the Chinese locale would write 2026/11/21."""
    return "" if value is None else str(value).replace("/", "-")


def local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def local_day(value: dt.date | dt.datetime | None) -> dt.date | None:
    return local(value).date() if isinstance(value, dt.datetime) else value


def in_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


@register.filter
def highlight(text: object, wanted: object) -> SafeString:
    """Mark every occurrence of the words looked for, whatever their case."""
    words = [re.escape(word) for word in str(wanted or "").split()]
    whole = str(text)
    if not words:
        return conditional_escape(whole)
    pieces = re.split(f"({'|'.join(words)})", whole, flags=re.IGNORECASE)
    marked = (("mark" if at % 2 else "span", piece) for at, piece in enumerate(pieces) if piece)
    parts = (format_html("<mark>{}</mark>", p) if tag == "mark" else p for tag, p in marked)
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def file_size(size: int | None) -> str:
    """Write a size in the unit a person would use, one decimal at most."""
    amount = float(size or 0)
    for unit in ("B", "KB", "MB"):
        if amount < KILO:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= KILO
    return f"{amount:.1f} GB"


@register.filter
def percent_of(part: float | None, whole: float | None) -> int:
    """The share as a whole number from 0 to 100, for the classes that draw it."""
    if not part or not whole:
        return 0
    return max(0, min(100, round(100 * part / whole)))


@register.filter
def page_numbers(page: Page) -> Iterator[str | int]:
    """The page numbers worth showing: both ends and the neighbours."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.filter
def words(text: str) -> list[str]:
    """Split a literal into words, to loop over them."""
    return text.split()
