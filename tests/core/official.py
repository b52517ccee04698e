"""Papers to look at, and what was printed read back in millimetres."""

import datetime
import io
from dataclasses import dataclass
from itertools import groupby

import pdfplumber
import pypdfium2

from core.documents import Column, Row
from core.official import (
    Attachment,
    Fact,
    Facts,
    Heading,
    Layout,
    Number,
    OfficialPaper,
    Paragraph,
    RunIn,
    Signatures,
    SigningLine,
    Table,
)

POINT = 25.4 / 72
GRAIN = 20
# GB/T 9704-2012, 5.2 and 6.2: the figures, not those of the code.
LEFT, RIGHT, TOP, BOTTOM = 28, 210 - 26, 37, 297 - 35
PITCH, CELL = 225 / 22, 156 / 28
UNDER, OVER = 0.12, 0.88  # an em square under and over the baseline
DAY = datetime.date(2026, 11, 5)
PLAIN_TEXT = "督查组到现场查看门诊收费处发现窗口开放数量不足患者等候时间较长引导人员没有到岗"
SENTENCE = (
    "各科室要对照典型问题全面自查，“一把手”要亲自抓、负总责，做到问题不查清不放过、"
    "责任不落实不放过；对虚假整改的，一经查实，严肃追责问责（电话：0000-1234567），绝不姑息。"
)
TABLE = Table(
    [Column("序号", 6, is_short=True), Column("科室", 16), Column("问题", 40)],
    [Row(f"第{at}行", [str(at), "泌尿外科", "病历归档超期"]) for at in range(1, 4)],
    caption="逾期事项",
)


def paper(**facts):
    given = {
        "mark": "某某市人民医院文件",
        "number": Number("市医整发", 2026, 12),
        "title": "关于作风建设集中整顿第三期典型问题曝光情况的通报",
        "recipient": "各科室、各党支部",
        "body": [Paragraph(SENTENCE)],
        "signature": "某某市人民医院",
        "date": DAY,
        "copies_to": ["市卫生健康委员会", "纪检监察室"],
        "printed_by": "某某市人民医院办公室",
        "printed_on": datetime.date(2026, 11, 6),
    }
    return OfficialPaper(**{**given, **facts})


def draft(**facts):
    return paper(
        **{
            "number": Number("市医整发"),
            "date": None,
            "printed_on": None,
            "is_draft": True,
            **facts,
        }
    )


def full_paper(**facts):
    """Three pages of text with every kind of block, and two attachments."""
    body = [
        Paragraph(SENTENCE),
        Heading(1, "总体情况"),
        Paragraph(PLAIN_TEXT * 9),
        Heading(2, "门诊方面"),
        Heading(3, "收费窗口"),
        Heading(4, "三号窗口"),
        RunIn(2, "泌尿外科病历归档超期。", SENTENCE),
        *[Paragraph(SENTENCE * 2)] * 6,
    ]
    attachments = [
        Attachment("逾期事项统计表", [TABLE]),
        Attachment("整改要求", [Paragraph("略。")]),
    ]
    return paper(body=body, attachments=attachments, note="此件公开发布", **facts)


def letter(**facts):
    given = {
        "layout": Layout.LETTER,
        "mark": "某某市人民医院",
        "number": Number("市医函", 2026, 7),
        "title": "关于民主评议结果的提醒函",
        "recipient": "泌尿外科主任李某某同志",
        "printed_by": "",
        "printed_on": None,
    }
    return paper(**{**given, **facts})


SIGNERS = Signatures(
    [SigningLine("谈话人签名"), SigningLine("被谈话人签名"), SigningLine("记录人签名")]
)


def record(*body, **facts):
    """A talk on paper: a table of facts, what was said, and who signs."""
    table = Facts(
        [
            Fact("谈话对象", "李某某"),
            Fact("职务", "泌尿外科主任"),
            Fact("时间"),
            Fact("地点"),
            Fact("谈话事由", "民主评议结果为差", is_wide=True),
            Fact("本人意见", is_wide=True, room=4),
        ],
        is_paired=True,
    )
    said = body or (Heading(1, "谈话内容"), Paragraph(SENTENCE))
    return OfficialPaper(**{"title": "诫勉谈话记录", "body": [table, *said, SIGNERS], **facts})


@dataclass(frozen=True)
class Line:
    """Characters on one baseline; all measures in millimetres from the page's upper left."""

    chars: list

    @property
    def text(self):
        return "".join(one["text"] for one in self.chars)

    @property
    def baseline(self):
        return height(self.chars[0])

    @property
    def left(self):
        return self.chars[0]["x0"] * POINT

    @property
    def right(self):
        return self.chars[-1]["x1"] * POINT

    @property
    def middle(self):
        return (self.left + self.right) / 2

    @property
    def size(self):
        return self.chars[0]["size"]

    @property
    def font(self):
        return self.chars[0]["fontname"].partition("+")[2]

    @property
    def em_top(self):
        return self.baseline - OVER * self.size * POINT

    @property
    def em_bottom(self):
        return self.baseline + UNDER * self.size * POINT

    @property
    def box_top(self):
        """Where the line of the grid begins that holds these characters in its middle."""
        return (self.em_top + self.em_bottom - PITCH) / 2

    @property
    def box_bottom(self):
        return self.box_top + PITCH


def height(char):
    return 297 - char["matrix"][5] * POINT


def opened(pdf):
    return pdfplumber.open(io.BytesIO(pdf)).pages


def lines(page):
    """The lines of the page from top to bottom, each from left to right."""
    chars = sorted(page.chars, key=lambda one: (round(height(one), 1), one["x0"]))
    return [Line(list(group)) for _at, group in groupby(chars, lambda one: round(height(one), 1))]


def text_lines(page):
    """Without page numbers and what stands in the upper margin."""
    return [line for line in lines(page) if TOP < line.baseline < BOTTOM]


def line_with(page, text):
    return next(line for line in lines(page) if text in line.text)


def picture(pdf, page, left, top, right, bottom):
    """The part of the page, counted from 0, as grey shades; millimetres in, GRAIN to each of them."""
    document = pypdfium2.PdfDocument(pdf)
    edges = (left, 297 - bottom, 210 - right, top)
    image = document[page].render(scale=GRAIN * POINT, crop=tuple(one / POINT for one in edges))
    # The green channel: red ink is as dark in it as black.
    return image.to_pil().convert("RGB").getchannel("G").point(lambda value: 255 * (value < 128))


def ink(pdf, page, left, top, right, bottom):
    """The box of what is printed within the box."""
    found = picture(pdf, page, left, top, right, bottom).getbbox()
    return [edge / GRAIN + start for edge, start in zip(found, (left, top) * 2, strict=True)]


def strokes(pdf, page, top, bottom, *, at=30):
    """Top and bottom of each horizontal stroke that crosses the upright at that place."""
    strip = picture(pdf, page, at, top, at + 4 / GRAIN, bottom)
    column = strip.tobytes()[:: strip.width]
    found, start = [], 0
    for is_inked, group in groupby(column):
        length = len(list(group))
        if is_inked:
            found.append((start / GRAIN + top, (start + length) / GRAIN + top))
        start += length
    return found
