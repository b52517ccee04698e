"""Names in a cell find who is meant, whatever the script; what is not certain is offered, not taken."""

import pytest

from core.workbooks.names import Group, Named, Names, group, split
from tests.core.workbooks.books import PEOPLE, UNITS


def ids(written, names=UNITS):
    return [named.id for named in names.match(written).found]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("检验科", [3]),
        ("檢驗科", [3]),
        (" 检 验 科 ", [3]),
        ("化验室", [3]),
        ("藥劑科室", [4]),
        ("后勤部", [5]),
        ("後勤處", [5]),
        ("院办", [2]),
        ("院办公室", [2]),
        ("护理部", [8]),
        ("护理科", [9]),
        ("护理处", []),
        ("门诊办", []),
        ("质控科", []),
        ("", []),
    ],
)
def test_a_name_is_known_by_script_alias_and_last_word_and_only_where_one_is_meant(
    written, expected
):
    assert ids(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("检验科、药剂科；后勤科,保卫科", ["检验科", "药剂科", "后勤科", "保卫科"]),
        ("後勤科\n保衛科", ["后勤科", "保卫科"]),
        ("黨辦;院辦", ["党办", "院办"]),
        ("检验科 药剂科", ["检验科", "药剂科"]),
        ("检验科和药剂科", ["检验科", "药剂科"]),
        ("采购和供应科", ["采购和供应科"]),
        ("检验科（牵头）、药剂科", ["检验科", "药剂科"]),
        ("牵头科室：检验科；责任科室：药剂科", ["检验科", "药剂科"]),
        ("检验科、检验科", ["检验科"]),
        ("全院各科室", ["全院各科室"]),
        ("外聘专家 及家属", ["外聘专家 及家属"]),
    ],
)
def test_a_cell_is_cut_between_names_and_never_inside_one(written, expected):
    assert list(split(written, UNITS).names) == expected


@pytest.mark.parametrize("written", ["检验科等", "检验科等相关科室", "检验科、药剂科等部门"])
def test_and_others_is_not_a_unit_but_an_open_end(written):
    parts = split(written, UNITS)

    assert parts.open_ended
    assert all(ids(name) for name in parts.names)


@pytest.mark.parametrize(
    "written", ["全院各科室", "各科室", "各部门", "全院所有科室", "全體科室", "全院"]
)
def test_every_department_is_a_live_group(written):
    assert group(written) == Group(everyone=True, categories=())


@pytest.mark.parametrize(
    ("written", "categories"),
    [
        ("全院各臨床保健醫技科室", ("clinical", "medical_technical")),
        ("各临床科室", ("clinical",)),
        ("全院各临床、医技科室", ("clinical", "medical_technical")),
        ("各职能科室", ("administrative",)),
        ("行政后勤各科室", ("administrative", "logistics")),
    ],
)
def test_every_department_of_some_categories_is_a_group_too(written, categories):
    assert group(written) == Group(everyone=False, categories=categories)


@pytest.mark.parametrize("written", ["检验科", "科室", "临床科", "全区卫生系统", "各镇卫生院"])
def test_other_words_are_no_group(written):
    assert group(written) is None


@pytest.mark.parametrize(
    ("written", "first"),
    [("检验室科", 3), ("保衛處室", 6), ("党委办", 1), ("药剂学科", 4), ("门诊", 7)],
)
def test_did_you_mean_offers_the_likest_first(written, first):
    assert UNITS.alike(written)[0].id == first


def test_did_you_mean_offers_three_at_most_and_nothing_far_fetched():
    many = Names(Named(number, f"第{number}病区") for number in range(20))

    assert len(many.alike("第二十病区")) == 3
    assert UNITS.alike("社区卫生服务中心") == ()
    assert UNITS.alike("") == ()


def test_people_are_known_by_name_number_and_what_they_are_called():
    assert [ids(written, PEOPLE) for written in ("張三", "1001", "門診部主任")] == [[1]] * 3


def test_two_people_of_one_name_are_two_until_a_number_says_who():
    assert ids("李四", PEOPLE) == [2, 3]
    assert ids("1003", PEOPLE) == [3]


def test_a_name_beats_another_units_alias():
    names = Names([Named(1, "设备科", ("器械科",)), Named(2, "器械科")])

    assert ids("器械科", names) == [2]
