"""What a survey prints: the code on a poster is the address of its page, and a slip names nobody."""

import io
import re

import pdfplumber
import pytest
import qrcode
from qrcode.constants import ERROR_CORRECT_M

from core.qr import qr_code
from evaluations.actions import surveys as actions
from evaluations.documents import surveys as documents
from evaluations.models import Access, Survey
from tests.evaluations.survey_factories import a_survey, closed, opened, published, target_of
from tests.people import again

pytestmark = pytest.mark.django_db
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")


def drawn(code):
    """The dark modules that the path fills."""
    filled = {
        (int(x) + step, int(y))
        for x, y, length in RUN.findall(code.path)
        for step in range(int(length))
    }
    assert RUN.sub("", code.path) == ""
    return filled


def texts(pdf):
    """The text of each page, without spaces: letters may be set apart."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened_pdf:
        return ["".join((page.extract_text() or "").split()) for page in opened_pdf.pages]


def modules_of(address):
    """What the library itself makes of the address, with the quiet zone of four."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(address)
    code.make()
    rows = code.get_matrix()
    return len(rows), {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


@pytest.fixture
def site(settings):
    settings.SITE_URL = "https://zf.hospital.example"
    return settings.SITE_URL


def test_what_is_drawn_is_the_code_of_the_address():
    address = "https://zf.hospital.example/box/survey/0/?w=2"

    code = qr_code(address)

    assert (code.size, drawn(code)) == modules_of(address)


def test_each_window_has_a_poster_and_a_department_without_windows_one(hospital, site):
    survey = a_survey(hospital)
    target = survey.targets.get(unit=hospital.outpatient)
    actions.name_windows(survey, {target.pk: ["挂号1号", "收费2号"]}, by=again(hospital.office))
    survey = opened(hospital, survey)

    posters = documents.posters_of(survey)

    assert [(one.department, one.window) for one in posters] == [
        ("门诊部", "挂号1号"),
        ("门诊部", "收费2号"),
        ("普外科", ""),
    ]
    outpatient, surgery = (
        target_of(survey, unit).box_id for unit in (hospital.outpatient, hospital.surgery)
    )
    addresses = [
        f"{site}/box/survey/{outpatient}/?w=1",
        f"{site}/box/survey/{outpatient}/?w=2",
        f"{site}/box/survey/{surgery}/",
    ]
    assert [(one.qr.size, drawn(one.qr)) for one in posters] == [*map(modules_of, addresses)]


def test_a_poster_says_what_is_asked_until_when_and_what_is_not_kept(hospital, site):
    survey = opened(hospital)

    pages = texts(documents.render_posters(survey))

    assert len(pages) == 2
    for page, unit in zip(pages, ("门诊部", "普外科"), strict=True):
        assert "市第一人民医院" in page
        assert unit in page
        assert "不需要登录，不记录姓名、手机号和网络地址。" in page


def test_slips_of_a_department_differ_in_nothing_but_their_code(hospital, site):
    survey = opened(hospital, access=Access.ONE_TIME)
    made = actions.make_codes(survey, by=again(hospital.office), each=12)

    pages = texts(documents.render_codes(survey, made))

    assert len(pages) == 4  # ten on a sheet, and no sheet of two departments
    for (_target, codes), sheets in zip(made, (pages[:2], pages[2:]), strict=True):
        assert [page.count("市第一人民医院") for page in sheets] == [10, 2]
        printed = "".join(sheets)
        assert [code for code in codes if code not in printed] == []
    addresses = [
        documents.answer_address(target.box_id, c=code) for target, codes in made for code in codes
    ]
    assert len({address.rpartition("=")[2] for address in addresses}) == 24


def test_the_result_on_paper_keeps_rate_and_score_apart(hospital):
    survey = published(hospital)

    paper = documents.result_paper(survey, documents.result_of(survey))

    table = next(block for block in paper.body if hasattr(block, "rows"))
    assert [column.label for column in table.columns] == [
        "科室", "发放", "回收", "有效", "不了解", "满意率", "得分",
    ]  # fmt: skip
    assert [row.cells for row in table.rows] == [
        ["门诊部", "不详", "12", "12", "2", "90.0%（n=10）", "81.0"],
        ["普外科", "不详", "3", "—", "—", "回收不足，不公布", "—"],
    ]
    assert (paper.is_draft, paper.date, paper.mark) == (False, survey.published_on, "")
    [first, *_others] = texts(documents.render_result(survey))
    assert "90.0%" in first
    assert "81.0" in first


def test_until_it_is_published_the_result_is_a_draft_and_before_the_count_there_is_none(hospital):
    survey = opened(hospital)
    assert documents.render_result(survey) is None

    closed(hospital, survey, outpatient={"satisfied": 12})
    survey = Survey.objects.get(pk=survey.pk)
    assert documents.result_paper(survey, documents.result_of(survey)).is_draft
