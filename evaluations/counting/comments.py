"""When comments may be shown, and the words by which a writer gives himself away.

The browser asks the same table before anything is sent; so its expressions are such that Python
and old browsers read them alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from evaluations.counting.rules import GradingRules


def may_publish(eligible: int, count: int, rules: GradingRules) -> bool:
    """Whether enough people might have written, and enough did, for none to be picked out."""
    return eligible >= rules.comment_eligible and count >= rules.comment_minimum


class Trace(TextChoices):
    """What a writer gives away; the label is the advice."""

    DATE = "date", _("A date tells who was there that day.")
    TIME = "time", _("A time of day tells who was on duty.")
    SHIFT = "shift", _("A shift tells who was on duty.")
    PHONE = "phone", _("A telephone number belongs to somebody.")
    NUMBER = "number", _("A number of an employee, a bed or a record leads to a person.")
    MEETING = "meeting", _("What was said between two people is known to both.")
    SELF = "self", _("This says who is writing.")
    NAME = "name", _("This may be somebody’s name.")


_DIGIT = "[0-9０-９一二三四五六七八九十廿两]"
_THEM = "(?:您|你|他|她|主任|护士长|院长|科长|领导)"
_FAMILY_NAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严魏陶姜谢邹苏潘葛范彭鲁马袁唐薛雷贺倪汤罗郝傅齐康余顾孟黄"
    "萧尹姚汪戴宋熊纪祝董梁杜贾郭梅钟徐邱高夏蔡田樊胡卢丁邓洪崔龚程陆段侯武刘叶赖乔谭姬申冉桑温庄晏阎"
)
_EXPRESSIONS: tuple[tuple[Trace, tuple[str, ...]], ...] = (
    (
        Trace.PHONE,
        (r"1[3-9][0-9][\s-]?[0-9]{4}[\s-]?[0-9]{4}", r"0[0-9]{2,3}[-—][0-9]{7,8}"),
    ),
    (
        Trace.DATE,
        (
            r"(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}[日号]?)?",
            rf"{_DIGIT}{{1,3}}月{_DIGIT}{{1,3}}[日号]?",
            rf"{_DIGIT}{{1,3}}[日号](?:那天|上午|下午|晚上)",
            r"昨[天晚日]|前[天晚]|今[天早晚]",
            r"(?:(?:上|这|下)个?|本)?(?:周|星期|礼拜)[一二三四五六日天末]|上个?(?:周|星期|礼拜|月)",
            r"春节|国庆|中秋|元旦|端午|清明",
        ),
    ),
    (
        Trace.NUMBER,
        (
            r"(?:工号|胸牌号?|床号|住院号|病历号|门诊号)[是为:：\s]*[A-Za-z]{0,3}[0-9]+",
            rf"{_DIGIT}{{1,3}}床",
            r"[A-Za-z]{0,2}[0-9]{5,}",
        ),
    ),
    (
        Trace.TIME,
        (
            r"(?:[01]?[0-9]|2[0-3])[:：][0-5][0-9]",
            rf"{_DIGIT}{{1,3}}点(?:半|钟|多|{_DIGIT}{{1,3}}分)",
            rf"(?:上午|下午|晚上|早上|中午|夜里){_DIGIT}{{1,3}}点",
            r"凌晨|半夜",
        ),
    ),
    (Trace.SHIFT, (r"[白夜早晚中大小日]班|值班|[ANPanp]班|下夜|倒班|连班",)),
    (
        Trace.MEETING,
        (
            rf"(?:上次|上回|那次|那天|曾经?|当时)[^。！？!?\n]{{0,6}}[跟和向对找同给]{_THEM}",
            rf"我(?:曾|曾经|已经)?[跟和向对找同]{_THEM}",
            rf"{_THEM}(?:曾|曾经|当面|单独|当众)?(?:跟|和|对|找|骂|批评|答应)我",
        ),
    ),
    (
        Trace.SELF,
        (
            r"我们?(?:科|组|病区|病房|班|部门|办公室|这边)|我是|我叫|本人|作为[^，。,.\s]{1,12}",
            r"我(?:家|爱人|老公|老婆|父亲|母亲|怀孕|产假|请假|生病|调岗|转岗|刚来|新来|入职)",
            rf"(?:工作|来院|入职)了?{_DIGIT}{{1,3}}年",
        ),
    ),
    (
        Trace.NAME,
        (
            rf"[小老][{_FAMILY_NAMES}]",
            rf"[{_FAMILY_NAMES}](?:医生|大夫|护士|主任|科长|院长|老师|姐|哥)",
        ),
    ),
)
PATTERNS: tuple[tuple[Trace, str], ...] = tuple(
    (trace, "|".join(expressions)) for trace, expressions in _EXPRESSIONS
)
"""In the order in which they are asked; what one has taken the later ones leave alone."""


@dataclass(frozen=True, slots=True)
class Hint:
    trace: Trace
    start: int
    end: int
    words: str

    @property
    def sentence(self) -> str:
        return str(self.trace.label)


def table() -> list[dict[str, str]]:
    """The patterns as the browser gets them, with the advice in the reader's language."""
    return [
        {"code": trace.value, "pattern": pattern, "sentence": str(trace.label)}
        for trace, pattern in PATTERNS
    ]


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Trace, re.Pattern[str]], ...]:
    return tuple((trace, re.compile(pattern)) for trace, pattern in PATTERNS)


def identifying(text: str) -> list[Hint]:
    """The places a reviewer should look at, in the order of the text and none twice."""
    hints: list[Hint] = []
    for trace, pattern in _compiled():
        for found in pattern.finditer(text):
            is_taken = any(h.start < found.end() and found.start() < h.end for h in hints)
            if not is_taken:
                hints.append(Hint(trace, found.start(), found.end(), found[0]))
    return sorted(hints, key=lambda hint: hint.start)
