"""Two ways of typing the same thing compare equal; what is stored stays as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import text


@pytest.mark.parametrize(
    "written",
    [
        "整改台账",
        "整改臺賬",
        "整改台賬",
        "整改台帳",
        "整改臺帳",
        "整改檯帳",
        "整改 台账:",
        "【整改台账】",
    ],
)
def test_a_heading_has_one_key_in_every_script(written):
    assert text.key(written) == "整改台账"


def test_full_width_and_half_width_are_the_same():
    assert text.key("责任部门／责任人（１）") == text.key("责任部门/责任人(1)")


def test_a_search_finds_any_script_width_and_case():
    assert text.search_form("  ＶＩＰ　門診\n掛號 ") == "vip 门诊 挂号"


def test_what_is_stored_keeps_script_and_inner_spaces():
    assert text.clean(" 填報人:    審核人:\r\n電話\x00\ufeff ") == "填報人:    審核人:\n電話"


@given(st.text())
def test_no_text_is_too_strange(written):
    assert text.clean(text.clean(written)) == text.clean(written)
    assert text.key(text.key(written)) == text.key(text.key(text.key(written)))
    assert text.search_form(written) == text.search_form(written)
