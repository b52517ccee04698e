"""Forms in which patients' names and numbers were found to slip through."""

import pytest

from core.privacy import without_private_data


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("患者欧阳春丽反映排队", "患者欧阳某某反映排队"),
        ("患者刘德华13712345678来电", "患者刘某某137****5678来电"),
        ("病人：赵六，已出院", "病人：赵某，已出院"),
        ("联系人：王小明13812345678", "联系人：王某某138****5678"),
        ("患者王小明投诉；王小明再次投诉。", "患者王某某投诉；王某某再次投诉。"),
        ("投诉人 李四 多次来电", "投诉人 李某 多次来电"),
    ],
)
def test_what_identifies_a_patient_is_taken_out_wherever_it_stands(written, kept):
    assert without_private_data(written) == kept


@pytest.mark.parametrize(
    "written",
    ["患者：王女士来电", "患者和家属多次反映", "联系人在场", "患者安全目标管理", "投诉人要求答复"],
)
def test_words_that_only_look_like_names_stay(written):
    assert without_private_data(written) == written
