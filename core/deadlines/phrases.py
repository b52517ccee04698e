"""The vocabulary of deadlines, for text that is already half-width and Simplified, without spaces."""

from __future__ import annotations

import re

_DIGITS = {"〇": 0, "零": 0, "○": 0, **{sign: n for n, sign in enumerate("一二三四五六七八九", 1)}}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十]+(?=[年月日号]|季度)")
_COUNT = r"(?:\d+|[一二两三四五六七八九十半]+)"

ISO = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d|\.\d)[日月]?"
    r"(?:[ t]*(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?"
)
_EIGHT_DIGITS = re.compile(r"(?<!\d)(20\d\d)(0\d|1[0-2])([0-3]\d)(?!\d)")
_SHORT = re.compile(r"(?<![\d./-])(1[0-2]|0?[1-9])[./](3[01]|[12]\d|0?[1-9])(?![\d./%])日?")
_DASH = re.compile(r"起?(?:[~—–―─−‐‑-]+|至|到)")
MISREAD_DASH = re.compile(r"(?<=[月日号旬底])一(?=\d)")
_SHARED_UNIT = re.compile(r"(?<!\d)(\d{1,2})~(\d{1,2})([月日号])")
_SHARED_YEAR = re.compile(r"(?<!\d)(\d{4})~(\d{4})年")

SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
PLACEHOLDER = re.compile(r"[x×*_□○?某]+(?=[年月日号])|(?<=年)月|(?<=月)日|^[年月日]\d")
REPEATS = re.compile(r"每个?(?:半年|[年月周日天]|季度?|星期)")
SPAN = re.compile(
    rf"(?<!月){_COUNT}(?:个?半?个月|个?工作日|个?小时|个?星期|[天日周])(?:之|以)?内"
    r"|(?<!\d)(?:\d{1,2}|[一二两三四五六七八九十半]+)年(?:之|以)?内"
    r"|[本下次当这](?:个?月|周|星期|季度?)[一二三四五六日天]?[底末内中初]?"
    r"|(?<!\d)月[底末]|(?<!\d)季度?[末底]"
)
AT_ONCE = re.compile(
    r"[立即边][行知查整][立即边]改|边学边改|立改|即改"
    r"|(?:立即|立刻|马上|当即|即时)(?:整改|改正|纠正|落实)?"
)
STANDING = re.compile(
    r"(?:长期|持续|常年|始终|一直)(?:坚持|推进|整改|改进|落实|抓好|保持|深化|开展|巩固|提升)?"
    r"|常态化(?:推进|坚持|开展|整改)?|[长常]抓不懈|坚持不懈|久久为功"
)
POINT = re.compile(
    r"(?P<year>(?<!\d)\d{4}|(?<!\d)\d{2}|[今明本当])年度?(?:"
    r"(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]|(?P<third>[上中下]旬)|(?P<part>[底末初中]))?"
    r"|(?P<half>[上下]半年)|第?(?P<quarter>[1-4])季度?[末底内]?|年?(?P<year_part>[底末内初中]))?"
    r"|(?P<month_>\d{1,2})月份?(?:(?P<day_>\d{1,2})[日号]|(?P<third_>[上中下]旬)|(?P<part_>[底末初中]))?"
    r"|(?P<half_>[上下]半年)|第?(?P<quarter_>[1-4])季度?[末底内]?|年(?P<year_part_>[底末内初中])"
    r"|(?P<lone_day_>\d{1,2})[日号]"
)
BEFORE = re.compile(r"之?前|以前")
CONNECTIVES = re.compile(
    r"之?前|以前|[之以]?内|为?止|起|并|且|和|及|力争|确保|务必|务于|于|在|不迟于|最迟|截止|截至|自|从|完成时限"
    r"|全面|基本|整改|完成|到位|结束|办结|解决|落实|见效|下班|\d{1,2}[时点]|[\s,;、:。.()“”\"\[\]<>《》~]"
)
# On text whose script and spaces are still the writer's: where a year would be put in.
WANTS_A_YEAR = re.compile(
    r"(?:今|本|当|當)年|\d{1,2}\s*(?:[~—–-]|至|到)\s*\d{1,2}\s*月|\d{1,2}\s*月|[一二三四五六七八九十]{1,3}月"
    r"|年[底末]|[上下]半年|第?[一二三四1-4]季度|\d{1,2}[./]\d{1,2}"
)
MONTH_AND_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*([日号號])")


def _in_digits(numeral: re.Match[str]) -> str:
    """二〇二二 is 2022, 十一 is 11, 三十 is 30."""
    signs = numeral[0]
    if "十" not in signs:
        return "".join(str(_DIGITS[sign]) for sign in signs)
    tens, _, units = signs.partition("十")
    if len(tens) > 1 or len(units) > 1 or "十" in units:
        return signs
    return f"{_DIGITS.get(tens, 1)}{_DIGITS.get(units, 0)}"


def _in_words(iso: re.Match[str]) -> str:
    year, _, month, day = iso.groups()
    return f"{year}年{month}月{day}日" if day else f"{year}年{month}月"


def iso_in_words(text: str) -> str:
    return _EIGHT_DIGITS.sub(r"\1年\2月\3日", ISO.sub(_in_words, text))


def canonical(text: str) -> str:
    """One way of writing: 年月日 for separators, ``~`` for every dash, each number with its unit."""
    text = re.sub(r"\s+", "", iso_in_words(text))
    text = _SHORT.sub(r"\1月\2日", _NUMERAL.sub(_in_digits, text))
    text = _DASH.sub("~", MISREAD_DASH.sub("~", text))
    return _SHARED_YEAR.sub(r"\1年~\2年", _SHARED_UNIT.sub(r"\1\3~\2\3", text))
