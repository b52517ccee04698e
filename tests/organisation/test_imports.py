"""The import wizard: staged, shown with every fault, mended, taken in whole or not at all."""

import io
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from audit.models import Event
from core.errors import ActionRefusedError
from organisation.models import Person, Post, PostKind, StagedRow, StagedWorkbook, Unit
from organisation.workbooks import staged
from organisation.workbooks.people import PEOPLE
from organisation.workbooks.units import UNITS
from tests.organisation.counting import queries_for
from tests.organisation.factories import HospitalFactory, PersonFactory, UnitFactory

UNIT_HEAD = ["科室名称", "上级单位", "科室类别", "简称", "管人财物"]
PEOPLE_HEAD = ["工号", "姓名", "所在科室", "岗位", "分管科室"]


def sheet(*rows, name="名单.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return ContentFile(file.getvalue(), name=name)


@pytest.fixture
def administrator(db):
    return PersonFactory(employee_number="admin", is_administrator=True)


@pytest.fixture
def house(db):
    hospital = HospitalFactory(name="市第一人民医院")
    UnitFactory(name="保卫科", parent=hospital)
    UnitFactory(name="普外科", parent=hospital)
    return hospital


def stage(importer, *rows, by):
    return staged.stage(importer, None, sheet(*rows), by=by)


def rows_of(workbook):
    return list(workbook.rows.order_by("pk"))


def said(row):
    return [(finding.column, finding.level.value) for finding in staged.findings_of(row)]


def test_units_come_in_with_their_superiors_order_and_facts(house, administrator):
    workbook = stage(
        UNITS,
        ["全院机构表"],
        UNIT_HEAD,
        ["外科系统", "", "临床", "", ""],
        ["骨科", "外科系统", "临床", "骨一、骨二", "否"],
        ["財務科", "市第一人民医院", "职能科室", "", "是"],
        by=administrator,
    )

    assert staged.commit(UNITS, None, workbook, by=administrator) == 3

    bones = Unit.objects.get(name="骨科")
    money = Unit.objects.get(name="財務科")
    assert (bones.parent.name, bones.parent.parent, bones.aliases) == (
        "外科系统",
        house,
        ["骨一", "骨二"],
    )
    assert (money.category, money.handles_resources) == ("administrative", True)
    assert list(house.children.in_order().values_list("name", flat=True)) == [
        "保卫科",
        "普外科",
        "外科系统",
        "財務科",
    ]
    assert set(workbook.rows.values_list("result_id", flat=True)) == {
        bones.pk,
        bones.parent_id,
        money.pk,
    }
    assert Event.objects.filter(action="organisation.create_unit").count() == 3


def test_a_unit_that_we_have_is_brought_up_to_date_and_not_doubled(house, administrator):
    workbook = stage(UNITS, UNIT_HEAD, ["保卫科", "", "后勤", "保卫处", "是"], by=administrator)

    staged.commit(UNITS, None, workbook, by=administrator)

    guards = Unit.objects.get(name="保卫科")
    assert (guards.category, guards.aliases, guards.handles_resources) == (
        "logistics",
        ["保卫处"],
        True,
    )
    assert Event.objects.filter(action="organisation.change_unit").count() == 1


def test_an_unknown_superior_is_a_fault_with_what_was_probably_meant(house, administrator):
    workbook = stage(UNITS, UNIT_HEAD, ["消防班", "保卫部门", "后勤", "", ""], by=administrator)

    [row] = rows_of(workbook)
    [finding] = staged.findings_of(row)
    assert (finding.column, finding.cell, row.has_faults) == ("parent", "B2", True)
    assert "保卫科" in [offer.label for offer in finding.suggestions]


def test_a_superior_may_stand_in_a_row_above_but_not_below(house, administrator):
    workbook = stage(
        UNITS,
        UNIT_HEAD,
        ["急诊抢救组", "急诊中心", "临床", "", ""],
        ["急诊中心", "", "临床", "", ""],
        ["急诊内科", "急诊中心", "临床", "", ""],
        by=administrator,
    )

    assert [row.has_faults for row in rows_of(workbook)] == [True, False, False]


def test_two_hospitals_may_each_have_a_department_of_one_name(house, administrator):
    HospitalFactory(name="市第二人民医院")
    workbook = stage(
        UNITS,
        UNIT_HEAD,
        ["医务科", "市第一人民医院", "行政", "", "否"],
        ["医务科", "市第二人民医院", "行政", "", "否"],
        by=administrator,
    )

    assert [said(row) for row in rows_of(workbook)] == [[], []]
    assert staged.commit(UNITS, None, workbook, by=administrator) == 2
    assert Unit.objects.filter(name="医务科").count() == 2


def test_a_person_of_one_of_two_like_named_departments_is_placed_by_the_hospital(
    house, administrator
):
    other = UnitFactory(name="保卫科", parent=HospitalFactory(name="市第二人民医院"))
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        ["2001", "何甲", "保卫科", "职工", ""],
        ["2002", "何乙", "市第二人民医院保卫科", "职工", ""],
        by=administrator,
    )

    doubtful, clear = rows_of(workbook)
    [finding] = staged.findings_of(doubtful)
    assert said(clear) == []
    assert [one.value for one in finding.suggestions] == [
        "市第一人民医院保卫科",
        "市第二人民医院保卫科",
    ]

    staged.mend(PEOPLE, None, doubtful, {"unit": "市第一人民医院保卫科"}, by=administrator)
    staged.commit(PEOPLE, None, workbook, by=administrator)
    assert Post.objects.get(person__employee_number="2002").unit == other


def test_without_exactly_one_hospital_the_superior_must_be_named(house, administrator):
    HospitalFactory(name="市第二人民医院")

    workbook = stage(UNITS, UNIT_HEAD, ["骨科", "", "临床", "", ""], by=administrator)

    assert said(rows_of(workbook)[0]) == [("parent", "fault")]


def test_people_come_in_with_posts_and_cannot_sign_in_yet(house, administrator):
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1023, "张三", "普外科", "科主任", ""],
        [1024, "李四", "市第一人民医院", "副院长", "普外科、保卫科"],
        [1023, "张三", "保卫科", "联络员", ""],
        by=administrator,
    )

    staged.commit(PEOPLE, None, workbook, by=administrator)

    zhang = Person.objects.get(employee_number="1023")
    li = Person.objects.get(employee_number="1024")
    assert {(post.unit.name, post.kind) for post in zhang.posts.all()} == {
        ("普外科", PostKind.HEAD),
        ("保卫科", PostKind.LIAISON),
    }
    assert {unit.name for unit in li.posts.get().in_charge_of.all()} == {"普外科", "保卫科"}
    assert not zhang.has_usable_password()
    assert zhang.must_change_password
    assert Event.objects.filter(action="organisation.create_person").count() == 2
    assert Event.objects.filter(action="organisation.add_post").count() == 3


def test_taking_the_same_list_in_again_changes_nothing(house, administrator):
    rows = [PEOPLE_HEAD, [1023, "张三", "普外科", "科主任", ""]]
    for _ in range(2):
        workbook = stage(PEOPLE, *rows, by=administrator)
        staged.commit(PEOPLE, None, workbook, by=administrator)

    assert (Person.objects.count(), Post.objects.count()) == (2, 1)


def test_every_fault_of_a_list_of_people_is_named_by_row_and_column(house, administrator):
    PersonFactory(employee_number="1001", name="王五")

    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1023, "张三", "保卫处室", "科主任", ""],
        [1024, "李四", "普外科", "大总管", ""],
        [1025, "", "普外科", "职工", ""],
        [1001, "王武", "普外科", "职工", ""],
        ["admin", "管理员", "普外科", "职工", ""],
        [1026, "赵六", "普外科", "职工", ""],
        [1026, "赵陆", "保卫科", "职工", ""],
        [1027, "孙七", "普外科", "职工", ""],
        [1027, "孙七", "普外科", "职工", ""],
        by=administrator,
    )

    assert {row.number: said(row) for row in rows_of(workbook) if row.findings} == {
        2: [("unit", "fault")],
        3: [("post", "fault")],
        4: [("name", "fault")],
        5: [("employee_number", "doubt")],
        6: [("employee_number", "doubt"), ("employee_number", "fault")],
        8: [("employee_number", "fault")],
        9: [("employee_number", "fault")],
        10: [("employee_number", "fault")],
    }


def test_mending_a_cell_clears_its_fault_and_keeps_what_was_written(house, administrator):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1023, "张三", "治安部门", "职工", ""], by=administrator)
    [row] = rows_of(workbook)

    staged.mend(PEOPLE, None, row, {"unit": "保卫科"}, by=administrator)

    row.refresh_from_db()
    assert (row.has_faults, row.mended, row.cells["unit"]["text"]) == (
        False,
        {"unit": "保卫科"},
        "治安部门",
    )


def test_mending_everywhere_mends_all_rows_with_the_same_text_and_no_others(house, administrator):
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1, "甲", "治安部门", "职工", ""],
        [2, "乙", "治安部门", "职工", ""],
        [3, "丙", "外面的单位", "职工", ""],
        by=administrator,
    )

    count = staged.mend(
        PEOPLE, None, rows_of(workbook)[0], {"unit": "保卫科"}, by=administrator, everywhere=True
    )

    assert count == 2
    assert [row.has_faults for row in rows_of(workbook)] == [False, False, True]


def test_a_row_said_twice_is_flagged_until_one_of_them_is_mended_or_left_out(house, administrator):
    rows = [[7, "孙七", "普外科", "职工", ""]] * 2
    mended = stage(PEOPLE, PEOPLE_HEAD, *rows, by=administrator)
    left = stage(PEOPLE, PEOPLE_HEAD, *rows, by=administrator)
    assert [row.has_faults for row in rows_of(mended)] == [True, True]

    staged.mend(PEOPLE, None, rows_of(mended)[0], {"unit": "保卫科"}, by=administrator)
    staged.leave_out(PEOPLE, None, rows_of(left)[1], by=administrator)

    assert [row.has_faults for row in rows_of(mended)] == [False, False]
    assert [row.has_faults for row in rows_of(left)] == [False, False]
    staged.leave_out(PEOPLE, None, rows_of(left)[1], by=administrator)
    assert [row.has_faults for row in rows_of(left)] == [True, True]


def test_one_faulty_row_keeps_all_rows_out(house, administrator):
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1, "甲", "保卫科", "职工", ""],
        [2, "乙", "没有的科", "职工", ""],
        by=administrator,
    )

    with pytest.raises(ActionRefusedError):
        staged.commit(PEOPLE, None, workbook, by=administrator)

    assert Person.objects.filter(name__in=["甲", "乙"]).count() == 0
    assert StagedWorkbook.objects.get().state == "staged"


def test_what_changed_since_the_preview_is_found_when_taking_in(house, administrator):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "保卫科", "职工", ""], by=administrator)
    Unit.objects.filter(name="保卫科").update(name="安保中心")

    with pytest.raises(ActionRefusedError):
        staged.commit(PEOPLE, None, workbook, by=administrator)

    [row] = rows_of(workbook)
    assert said(row) == [("unit", "fault")]
    assert row.has_faults


def test_a_row_left_out_does_not_come_in(house, administrator):
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1, "甲", "保卫科", "职工", ""],
        [2, "乙", "没有的科", "职工", ""],
        by=administrator,
    )
    staged.leave_out(PEOPLE, None, rows_of(workbook)[1], by=administrator)

    assert staged.commit(PEOPLE, None, workbook, by=administrator) == 1

    assert list(workbook.rows.order_by("pk").values_list("result_id", flat=True)) == [
        Person.objects.get(name="甲").pk,
        None,
    ]


def test_nothing_is_done_to_a_workbook_that_is_finished(house, administrator):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "保卫科", "职工", ""], by=administrator)
    [row] = rows_of(workbook)
    staged.discard(workbook, by=administrator)

    for act in (
        lambda: staged.mend(PEOPLE, None, row, {"name": "乙"}, by=administrator),
        lambda: staged.leave_out(PEOPLE, None, row, by=administrator),
        lambda: staged.commit(PEOPLE, None, workbook, by=administrator),
        lambda: staged.discard(workbook, by=administrator),
    ):
        with pytest.raises(ActionRefusedError):
            act()

    assert not Person.objects.filter(name="甲").exists()


def test_whoever_may_not_import_cannot_by_any_step(hospital, administrator):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "普外科", "职工", ""], by=administrator)
    [row] = rows_of(workbook)

    for act in (
        lambda: stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "普外科", "", ""], by=hospital.office),
        lambda: staged.mend(PEOPLE, None, row, {"name": "乙"}, by=hospital.office),
        lambda: staged.leave_out(PEOPLE, None, row, by=hospital.office),
        lambda: staged.commit(PEOPLE, None, workbook, by=hospital.office),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_the_button_take_the_rows_in_once(house, administrator):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "保卫科", "职工", ""], by=administrator)
    barrier = threading.Barrier(2)
    outcomes = []

    def press():
        barrier.wait()
        try:
            staged.commit(PEOPLE, None, workbook, by=administrator)
            outcomes.append("done")
        except ActionRefusedError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert Post.objects.count() == 1


# --- pages


def start(client, *rows, purpose="people"):
    return client.post(reverse(f"organisation:{purpose}_import"), {"file": sheet(*rows)})


def test_an_upload_leads_to_its_preview_with_the_faults_first(house, administrator, client):
    client.force_login(administrator)

    response = start(
        client,
        PEOPLE_HEAD,
        [1, "甲", "保卫科", "职工", ""],
        [2, "乙", "保卫部门", "职工", ""],
    )
    page = client.get(response["Location"]).content.decode()

    assert "C3" in page
    assert "乙" in page
    assert 'value="保卫科"' in page
    assert "甲" not in page.replace("甲醇", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [("名单.xls", b"\xd0\xcf\x11\xe0"), ("名单.csv", "工号,姓名".encode()), ("名单.xlsx", b"no")],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(administrator, client, name, content):
    client.force_login(administrator)

    response = client.post(
        reverse("organisation:people_import"), {"file": ContentFile(content, name=name)}
    )

    assert response.status_code == 422
    assert StagedWorkbook.objects.count() == 0


def step(client, workbook, name, **data):
    url = reverse(f"organisation:people_import_{name}", kwargs={"key": workbook.key})
    return client.post(url, data)


def test_mending_and_taking_in_from_the_page(house, administrator, client):
    client.force_login(administrator)
    start(client, PEOPLE_HEAD, [2, "乙", "保卫部门", "职工", ""])
    workbook = StagedWorkbook.objects.get()
    row = StagedRow.objects.get()

    mended = step(client, workbook, "mend", row=row.pk, column="unit", suggestion="保卫科")
    done = step(client, workbook, "commit")

    assert (mended.status_code, done.status_code) == (302, 302)
    assert Person.objects.filter(name="乙").exists()
    assert step(client, workbook, "commit").status_code == 422


def test_a_swap_of_a_mended_row_answers_with_the_rows_alone(house, administrator, client):
    client.force_login(administrator)
    start(client, PEOPLE_HEAD, [2, "乙", "保卫部门", "职工", ""])
    workbook, row = StagedWorkbook.objects.get(), StagedRow.objects.get()

    response = client.post(
        reverse("organisation:people_import_mend", kwargs={"key": workbook.key}),
        {"row": row.pk, "column": "unit", "text": "保卫科", "show": "faults"},
        headers={"HX-Request": "true"},
    )

    content = response.content.decode().strip()
    assert content.startswith('<section id="import-rows"')
    assert "Nothing is left to mend" in content


def test_the_file_comes_back_with_a_column_of_faults(house, administrator, client):
    client.force_login(administrator)
    start(client, PEOPLE_HEAD, [2, "乙", "保卫部门", "职工", ""])
    workbook = StagedWorkbook.objects.get()

    response = client.get(
        reverse("organisation:people_import_annotated", kwargs={"key": workbook.key})
    )

    rows = [[c.value for c in row] for row in load_workbook(io.BytesIO(response.content)).active]
    assert rows[1][:4] == [2, "乙", "保卫部门", "职工"]
    assert "保卫部门" in rows[1][-1]


def test_the_empty_form_can_be_filled_in_and_comes_in(house, administrator, client):
    client.force_login(administrator)

    form = client.get(reverse("organisation:people_import_template"))

    headings = [
        cell.value for row in load_workbook(io.BytesIO(form.content)).active for cell in row
    ]
    assert {"Employee number", "Unit", "Post"} <= {str(h).strip("*＊ ") for h in headings if h}


def test_somebody_elses_workbook_is_not_there(house, administrator, client):
    workbook = stage(PEOPLE, PEOPLE_HEAD, [1, "甲", "保卫科", "职工", ""], by=administrator)
    client.force_login(PersonFactory(is_administrator=True))

    for name in ("preview", "annotated", "original"):
        url = reverse(f"organisation:people_import_{name}", kwargs={"key": workbook.key})
        assert client.get(url).status_code == 404
    assert step(client, workbook, "commit").status_code == 404
    assert (
        client.get(
            reverse("organisation:units_import_preview", kwargs={"key": workbook.key})
        ).status_code
        == 404
    )


def test_a_page_of_rows_costs_the_same_for_one_row_or_forty(house, administrator, client):
    client.force_login(administrator)
    faulty = [[n, f"人{n}", "没有的科", "职工", ""] for n in range(40)]
    one = stage(PEOPLE, PEOPLE_HEAD, faulty[0], by=administrator)
    forty = stage(PEOPLE, PEOPLE_HEAD, *faulty, by=administrator)

    def cost(workbook):
        url = reverse("organisation:people_import_preview", kwargs={"key": workbook.key})
        return queries_for(client, url)

    assert cost(one) == cost(forty)


def test_first_passwords_come_as_a_workbook_once(house, administrator, client):
    workbook = stage(
        PEOPLE,
        PEOPLE_HEAD,
        [1, "甲", "保卫科", "职工", ""],
        [2, "乙", "普外科", "职工", ""],
        by=administrator,
    )
    staged.commit(PEOPLE, None, workbook, by=administrator)
    client.force_login(administrator)
    guards = Unit.objects.get(name="保卫科")
    url = reverse("organisation:issue_passwords")

    response = client.post(f"{url}?unit={guards.pk}")

    rows = [[c.value for c in row] for row in load_workbook(io.BytesIO(response.content)).active]
    [row] = [row for row in rows if "甲" in row]
    assert Person.objects.get(name="甲").check_password(row[-1])
    assert not Person.objects.get(name="乙").has_usable_password()
    assert client.post(f"{url}?unit={guards.pk}").status_code == 302


def test_a_list_without_other_names_leaves_those_we_have(house, administrator):
    Unit.objects.filter(name="保卫科").update(aliases=["安保部"])
    workbook = stage(UNITS, ["科室名称", "科室类别"], ["保卫科", "后勤"], by=administrator)

    staged.commit(UNITS, None, workbook, by=administrator)

    guards = Unit.objects.get(name="保卫科")
    assert (guards.category, guards.aliases) == ("logistics", ["安保部"])


def test_another_name_that_is_a_whole_sentence_is_a_fault_of_its_cell(house, administrator):
    workbook = stage(UNITS, UNIT_HEAD, ["骨科", "", "临床", "骨" * 101, ""], by=administrator)

    [row] = rows_of(workbook)

    assert said(row) == [("aliases", "fault")]


@pytest.mark.parametrize("row", [{}, {"row": "x"}, {"row": "9" * 30}])
def test_a_row_that_is_none_is_not_found(house, administrator, client, row):
    workbook = stage(UNITS, UNIT_HEAD, ["骨科", "", "临床", "", ""], by=administrator)
    client.force_login(administrator)

    response = client.post(reverse("organisation:units_import_leave_out", args=[workbook.key]), row)

    assert response.status_code == 404
