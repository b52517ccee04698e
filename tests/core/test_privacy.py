"""What identifies a patient or reaches a person is unreadable in a text that others read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import without_private_data


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("电话138 1234 5678", "电话138****5678"),
        ("138-1234-5678", "138****5678"),
        ("0571-87654321", "0571-****4321"),
        ("身份证330106198001011234", "身份证330106********1234"),
        ("33010619800101123X反映", "330106********123X反映"),
        ("住院号:2026001234", "住院号:***"),
        ("床号 A12-3", "床号 ***"),
        ("患者李小明投诉", "患者李某某投诉"),
        ("家属王芳，称", "家属王某，称"),
        ("病人张三在窗口", "病人张某在窗口"),
        ("向患者李小明致歉", "向患者李某某致歉"),
    ],
)
def test_it_is_masked(written, read):
    assert without_private_data(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "患者平均等候五十分钟。",
        "患者满意度下降",
        "病人家属反映排队时间长",
        "患者方便就医",
        "患者高血压",
        "家属李女士反映",
        "患者于昨日来院",
        "患者时常反映",
        "患者关心的问题",
        "2026年9月1日登记",
        "金额1234567890元",
        "处理文号〔2026〕12号",
        "门诊主任张三未到场",
    ],
)
def test_other_text_stays_as_it_is(written):
    assert without_private_data(written) == written


@given(st.text())
def test_masking_again_changes_nothing_more(written):
    once = without_private_data(written)

    assert without_private_data(once) == once


@given(
    before=st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=5),
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    after=st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=5),
)
def test_no_mobile_number_survives(before, number, after):
    assert number not in without_private_data(before + number + after)
