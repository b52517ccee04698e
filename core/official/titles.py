"""The title broken by sense (7.3.1): whole words, lines in a trapezoid or a diamond.

There is no dictionary of Chinese here: the words that titles of such papers are made of are known,
the rest is cut where a word may end, and never within a number, a bracket or a quotation.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from math import ceil, inf
from unicodedata import east_asian_width

# 156 mm at size 2 (22 pt) hold twenty characters.
LONGEST = 20
# A title that would touch both edges is broken before it does.
AIR = 2
NEVER_FIRST = frozenset("的地得了着过之者们，。、；：？！）》〉」』】〕”’…—％%·")
NEVER_LAST = frozenset("（《〈「『【〔“‘第和与及或在对将把被关于向")
KEPT = re.compile(
    r"《[^》]*》|“[^”]*”|（[^）]*）|〔[^〕]*〕"
    r"|第?[0-9〇一二三四五六七八九十百]+(?:期|号|次|批|届|年度?|季度|月份?|日|个|项|条|起|例|轮|阶段|%|％)"
    r"|[A-Za-z][A-Za-z.\-/]*(?:[0-9]{1,3}(?![0-9年月日期号]))?|[0-9.,\-/%]+"
)
WORDS = """
关于 印发 转发 批转 开展 加强 进一步 深入 推进 做好 落实 严格 规范 切实 认真 全面 持续 加快 组织 举办 召开 调整 成立
作风建设集中整顿活动 作风建设集中整顿 作风建设 作风 建设 集中整顿 整顿 专项整治 专项行动 专项 整治 治理 行动 活动 工作 问题 典型问题 典型案例 典型 案例 突出
突出问题 整改 整改方案 整改台账 销号 督查 督办 检查 自查 暗访 巡察 巡查 审计 考核 考评 评议 民主评议 行风评议 满意度 测评 调查
情况 结果 通报 通知 通告 公告 公示 报告 请示 批复 意见 决定 决议 函 纪要 会议 会议纪要 方案 实施方案 工作方案 办法 管理办法
规定 制度 细则 规则 条例 章程 计划 规划 总结 要点 措施 清单 名单 责任 责任书 提醒 提醒函 约谈 诫勉 问责 处理 处分 曝光 批评
医院 人民医院 中心医院 中医院 附属医院 附属第一医院 妇幼保健院 卫生院 卫生健康 委员会 领导小组 办公室 党委 纪委 纪检监察室
以及 及其 科室 职工 医务人员 医德医风 行风 党风廉政 廉政 廉洁 纪律 服务 医疗 医疗服务 医疗质量 医疗安全 护理 药品 耗材 采购 收费 医保
基金 门诊 住院 急诊 病房 患者 群众 投诉 信访 首问负责制 限时办结 形式主义 官僚主义 不作为 慢作为 乱作为 年度 上半年 下半年
第一季度 第二季度 第三季度 第四季度 阶段 动员 部署 学习 教育 培训 值班 假期 春节 国庆 中秋 端午 节日 期间 安全 生产 消防 保密
"""
KNOWN = frozenset(WORDS.split())
LONGEST_WORD = max(map(len, KNOWN))
# What a break costs, beside the unevenness of the lines.
AT_WORD, AFTER_OF, IN_UNKNOWN, IN_WORD = 0.0, -2.0, 30.0, 500.0
LONE_WORD = 60.0
AS_LAST_RESORT = 1e6


def title_lines(title: str, longest: int = LONGEST) -> list[str]:
    """The title in as few lines as look well, each at most ``longest`` characters wide."""
    wide = _width(title)
    if not title or wide <= longest - AIR:
        return [title] if title else []
    costs = _break_costs(title)
    fewest = ceil(wide / (longest - AIR))
    return next(
        [title[start:end] for start, end in pairwise([0, *ends])]
        for worst, most in ((IN_UNKNOWN, 2 * fewest), (IN_WORD, len(title)), (inf, len(title)))
        for count in range(fewest, most + 1)
        if (ends := _best(title, _allowed(costs, worst), count, longest))
    )


def _allowed(costs: list[float], worst: float) -> list[float]:
    """The costs, with breaks worse than that forbidden; as the last resort none is."""
    if worst == inf:
        return [min(cost, AS_LAST_RESORT) for cost in costs]
    return [cost if cost <= worst else inf for cost in costs]


def _break_costs(title: str) -> list[float]:
    """What it costs to end a line before each character; what is forbidden costs infinity."""
    costs = [IN_WORD] * (len(title) + 1)
    for end, is_known in _pieces(title):
        costs[end] = AT_WORD if is_known else IN_UNKNOWN
    for at in range(1, len(title)):
        if title[at - 1] == "的":
            costs[at] = min(costs[at], AT_WORD) + AFTER_OF
        if title[at] in NEVER_FIRST:
            costs[at] = inf
        elif title[at - 1] in NEVER_LAST:
            costs[at] = max(costs[at], IN_UNKNOWN)
    return costs


def _pieces(title: str) -> list[tuple[int, bool]]:
    """Where each word ends, and whether a known one ends or begins there."""
    ends: list[tuple[int, bool]] = []
    at = 0
    while at < len(title):
        length = _known_length(title, at)
        if not length:
            ends.append((at + 1, False))
            at += 1
            continue
        if ends:
            ends[-1] = (at, True)
        at += length
        ends.append((at, True))
    return ends


def _known_length(title: str, at: int) -> int:
    if (kept := KEPT.match(title, at)) and _width(kept.group()) <= LONGEST:
        return len(kept.group())
    longest = min(LONGEST_WORD, len(title) - at)
    return next((n for n in range(longest, 0, -1) if title[at : at + n] in KNOWN), 0)


def _best(title: str, costs: list[float], count: int, longest: int) -> list[int]:
    """The ends of the cheapest lines whose widths rise and then fall, or nothing."""
    mean = _width(title) / count
    widths = [0.0]
    for character in title:
        widths.append(widths[-1] + _width(character))

    @cache
    def cheapest(start: int, left: int, before: float, is_falling: bool) -> tuple[float, tuple]:
        if not left:
            return (0.0, ()) if start == len(title) else (inf, ())
        best: tuple[float, tuple] = (inf, ())
        for end in range(start + 1, len(title) + 1):
            line = widths[end] - widths[start]
            if line > longest:
                break
            cost = costs[end] if end < len(title) else 0.0
            if cost == inf or (is_falling and line > before):
                continue
            cost += (line - mean) ** 2 + (LONE_WORD if line < mean / 2 else 0)
            rest, ends = cheapest(end, left - 1, line, is_falling or line < before)
            if cost + rest < best[0]:
                best = (cost + rest, (end, *ends))
        return best

    return list(cheapest(0, count, 0.0, is_falling=False)[1])


def _width(text: str) -> float:
    """In characters of Chinese; a Western letter or digit is half of one."""
    return sum(1.0 if east_asian_width(one) in "WFA" else 0.5 for one in text)
