"""Work that takes long, each beside the plainest program that does the same. One process each."""

from __future__ import annotations

import io
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone, translation
from openpyxl import Workbook

from benchmarks import elections
from benchmarks.processes import peak_of
from benchmarks.seeding import Seeded, seeded
from issues.workbooks import ISSUES
from organisation.workbooks import staged
from rectification.columns import LEDGER_COLUMNS
from rectification.filters import LedgerFilter
from rectification.workbooks import write_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.official import Block, OfficialPaper

    Work = Callable[[], str]

HEADINGS = ("序号", "问题类别", "存在问题", "问题来源", "责任科室", "整改时限")
SHARES = "BENCHMARK_SHARES"
"""In the environment: any two shares of the commission."""
BODY = 22
"""So many cases make ten pages."""


@dataclass(slots=True)
class Used:
    """What a piece of work used; ``peak`` is all that its process ever held, in megabytes."""

    seconds: float
    cpu: float
    peak: float
    statements: int
    remark: str


def run(name: str, size: int) -> dict[str, Any]:
    """Prepare, then do and measure the work of this name."""
    there = seeded()
    if there is None:
        raise SystemExit("Seed the database first.")
    asked = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with translation.override("zh-hans"):
        work = TASKS[name](there, size)
        with connection.execute_wrapper(count):
            began, cpu = time.perf_counter(), time.process_time()
            remark = work()
            seconds, used = time.perf_counter() - began, time.process_time() - cpu
    return asdict(Used(seconds, used, peak_of(os.getpid()), asked, remark))


def import_rows(there: Seeded, size: int) -> Work:
    """From the file to the problems, with every check; taken back at the end."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("问题清单")
    sheet.append(HEADINGS)
    names = [unit.name for unit in there.campaign.scope_units()[1:200]]
    for n in range(1, size + 1):
        text = f"窗口排队时间长，解释不耐心（导入第{n}行）"
        unit = names[n % len(names)]
        sheet.append([n, "服务态度", text, "外查" if n % 3 else "自查", unit, "2098年6月底前"])
    file = io.BytesIO()
    workbook.save(file)
    upload = SimpleUploadedFile("清单.xlsx", file.getvalue())

    def work() -> str:
        with transaction.atomic():
            book = staged.stage(ISSUES, there.campaign, upload, by=there.officer)
            taken = staged.commit(ISSUES, there.campaign, book, by=there.officer)
            transaction.set_rollback(True)
        return f"{taken} rows"

    return work


def export(there: Seeded, size: int) -> Work:
    """The workbook as the page gives it: styled, with title, filter and print settings."""

    def work() -> str:
        found = LedgerFilter(QueryDict(""), campaign=there.campaign, by=there.officer)
        count = write_ledger(io.BytesIO(), found)
        return f"{count} rows × {len(list(LEDGER_COLUMNS))}"

    return work


PLAIN_COLUMNS = (
    *("number", "category__parent__name", "category__name", "text", "source"),
    *("rectification_class", "target", "responsible_leader__name", "lead_department__name"),
    *("assignee__name", "original_due_on", "due_on", "attempts_count", "state", "closed_on"),
    *("is_grave", "deadline_text", "year", "review_on", "registered_at__date", "exposed_on"),
)


def plain_export(there: Seeded, size: int) -> Work:
    """As many columns of the same rows in one query, written without any style."""
    columns = PLAIN_COLUMNS[: len(list(LEDGER_COLUMNS))]
    rows = there.campaign.ledger_items.order_by("number", "pk").values_list(*columns)

    def work() -> str:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("Ledger")
        count = 0
        for row in rows.iterator(500):
            sheet.append(row)
            count += 1
        workbook.save(io.BytesIO())
        return f"{count} rows × {len(columns)}"

    return work


def report(there: Seeded, size: int) -> Work:
    """An official paper of ten pages: lines set, glyphs checked, drawn."""
    from core.official import render_official  # noqa: PLC0415 -- slow import

    paper = _paper()

    def work() -> str:
        return _pages(render_official(paper))

    render_official(paper)  # fonts are read once for each process
    return work


def plain_report(there: Seeded, size: int) -> Work:
    """WeasyPrint alone: the same HTML, rules and fonts, and none of its options."""
    from django.template.loader import render_to_string  # noqa: PLC0415
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- slow import
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    from core import fonts  # noqa: PLC0415
    from core.official.printing import composed  # noqa: PLC0415
    from core.pdf import StaticOnly  # noqa: PLC0415

    paper = _paper()
    context, measures = composed(paper)
    about = {"document_title": paper.title, "document_language": "zh-CN"}
    html = render_to_string("core/documents/official.html", context | about)
    known = FontConfiguration()
    faces = CSS(string=fonts.stylesheet(), font_config=known, url_fetcher=StaticOnly())

    def work() -> str:
        document = HTML(string=html, url_fetcher=StaticOnly(measures))
        return _pages(document.write_pdf(stylesheets=[faces], font_config=known))

    work()
    return work


def _paper() -> OfficialPaper:
    from core.official import Heading, OfficialPaper, Paragraph  # noqa: PLC0415

    sentence = (
        "督查组到现场查看，门诊收费处窗口开放不足，患者等候时间较长，引导人员没有到岗；"
        "各科室要对照典型问题全面自查，做到问题不查清不放过、责任不落实不放过。"
    )
    body: list[Block] = []
    for n in range(1, BODY + 1):
        body += [Heading(1, f"典型问题（第{n}项）"), Paragraph(sentence * 3)]
    return OfficialPaper(
        mark="云江市第一医院文件",
        title="关于作风建设集中整顿典型问题曝光情况的通报",
        recipient="各科室",
        body=body,
        signature="云江市第一医院",
        is_draft=True,
    )


def _pages(content: bytes) -> str:
    import pypdfium2  # noqa: PLC0415

    return f"{len(pypdfium2.PdfDocument(content))} pages"


def sweep(there: Seeded, size: int) -> Work:
    """Everybody's messages of a day, as the scheduler plans them; taken back at the end.

    The steps that items reached before are written down beforehand, as on any day but the first.
    """
    from messaging import sources  # noqa: PLC0415
    from messaging.actions import planning  # noqa: PLC0415

    day = timezone.localdate()
    for source in sources.digests():
        source.prepare(day)

    def work() -> str:
        with planning.rehearsal():
            return f"{len(planning.messages_of(day))} messages"

    return work


def bare_sweep(there: Seeded, size: int) -> Work:
    """The statement alone, with its arrays made beforehand."""
    from campaign.models import rules_of_all  # noqa: PLC0415
    from rectification.queries import reminding  # noqa: PLC0415

    campaigns = [pk for pk, rules in rules_of_all().items() if rules.digest]
    statement = reminding.statement(timezone.localdate(), campaigns)

    def work() -> str:
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            return f"{len(cursor.fetchall())} people and campaigns"

    return work


def freeze(there: Seeded, size: int) -> Work:
    """A round as it is frozen: keys, boxes, roll and manifest."""
    round_ = elections.latest()
    return lambda: elections.freeze(round_)


def count(there: Seeded, size: int) -> Work:
    """Open the boxes, count, write results, receipts and bundle, destroy keys and boxes."""
    round_, shares = elections.latest(), os.environ[SHARES].split()
    return lambda: elections.count(round_, shares)


TASKS: dict[str, Callable[[Seeded, int], Work]] = {
    "import": import_rows,
    "export": export,
    "plain export": plain_export,
    "report": report,
    "plain report": plain_report,
    "sweep": sweep,
    "bare sweep": bare_sweep,
    "freeze": freeze,
    "count": count,
}
