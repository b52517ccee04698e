"""What others read: no name of ours that was not approved, and nothing that is not concluded."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisation.models import Person
from supervision import actions, queries
from supervision.models import ExposureCase, ExposureMeeting
from supervision.queries.report import CASE_TEXTS, REPORT_TEXTS
from tests.organisation.factories import PersonFactory
from tests.people import again
from tests.rectification.factories import an_item
from tests.supervision.factories import (
    TOLD,
    a_case,
    a_handling,
    a_letterhead,
    a_meeting,
    days,
)

pytestmark = pytest.mark.django_db
NAMES = ("张三", "张三丰", "李小明", "欧阳小燕", "王伟", "王伟民", "买买提·艾力")


@pytest.fixture
def meeting(hospital):
    a_letterhead(hospital)
    return a_meeting(hospital)


@pytest.fixture
def people(hospital):
    return {name: PersonFactory(name=name) for name in NAMES}


def final(hospital, item, person, named=True):
    handling = a_handling(hospital, item=item, person=person, final_on=days(0))
    if named:
        actions.approve_naming(handling, by=again(hospital.secretary), reason="影响恶劣")
    return handling


def read(meeting):
    return queries.report_of(ExposureMeeting.objects.get(pk=meeting.pk))


def test_it_tells_what_is_concluded_in_order_and_good_examples_apart(hospital, meeting):
    first = a_case(hospital, meeting, title="甲")
    a_case(hospital, meeting, concluded=False, title="乙")
    third = a_case(hospital, meeting, title="丙")
    good = actions.add_good_example(
        meeting, by=again(hospital.office), title="经验", facts="做法", department=hospital.surgery
    )

    report = read(meeting)

    assert [case.pk for case in report.problems] == [first.pk, third.pk]
    assert [case.pk for case in report.good] == [good.pk]
    assert (report.mark, report.signature) == ("市第一人民医院文件", "市第一人民医院")


def test_the_original_stays_and_what_was_masked_is_said(hospital, meeting, people):
    case = a_case(hospital, meeting, facts="经查，李小明擅自离岗。", place="张　三的诊室")

    (told,) = read(meeting).problems

    assert (told.facts, told.place) == ("经查，李某某擅自离岗。", "张某的诊室")
    assert set(told.masked) == {"facts", "place"}
    assert read(meeting).masked_cases == [told]
    assert ExposureCase.objects.get(pk=case.pk).facts == "经查，李小明擅自离岗。"


def test_a_name_stands_only_in_the_case_for_which_it_was_approved(hospital, meeting, people):
    named = a_case(hospital, meeting, facts="李小明擅自离岗。")
    other = a_case(hospital, meeting, facts="李小明未请假。")
    meeting = actions.revise_meeting(
        meeting, by=again(hospital.office), overall="李小明等人被查处。", copies_to="李小明"
    )
    final(hospital, named.item, people["李小明"])

    report = read(meeting)

    told = {case.pk: case.facts for case in report.problems}
    assert told == {named.pk: "李小明擅自离岗。", other.pk: "李某某未请假。"}
    assert (report.overall, report.copies_to) == ("李某某等人被查处。", "李某某")


def test_neither_a_final_handling_nor_a_decision_alone_names_anybody(hospital, meeting, people):
    case = a_case(hospital, meeting, facts="李小明擅自离岗。")
    handling = final(hospital, case.item, people["李小明"], named=False)
    assert read(meeting).problems[0].facts == "李某某擅自离岗。"

    actions.approve_naming(handling, by=again(hospital.secretary), reason="影响恶劣")
    assert read(meeting).problems[0].facts == "李小明擅自离岗。"

    actions.withdraw_naming(handling, by=again(hospital.secretary), reason="申诉中")
    assert read(meeting).problems[0].facts == "李某某擅自离岗。"


def test_naming_one_person_does_not_name_who_shares_part_of_his_name(hospital, meeting, people):
    case = a_case(hospital, meeting, facts="王伟民批评了王伟。")
    final(hospital, case.item, people["王伟民"])

    assert read(meeting).problems[0].facts == "王伟民批评了王某。"


PIECE = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from([name[0] + "　" + name[1:] for name in NAMES]),
    st.text("张三丰李小明欧阳燕王伟民买提艾力·某，。 科室主任", max_size=6),
)
TEXT = st.lists(PIECE, max_size=6).map("".join)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.tuples(TEXT, TEXT, TEXT), approved=st.sets(st.sampled_from(NAMES), max_size=2))
def test_no_name_of_ours_survives_unless_it_was_approved(
    hospital, meeting, people, texts, approved
):
    ExposureCase.objects.filter(meeting=meeting).delete()
    facts, nature, overall = texts
    case = ExposureCase.objects.create(
        meeting=meeting,
        item=an_item(hospital),
        department=hospital.outpatient,
        **{**TOLD, "facts": facts, "nature": nature},
        handling_concluded_on=days(0),
    )
    ExposureMeeting.objects.filter(pk=meeting.pk).update(overall=overall)
    for name in approved:
        final(hospital, case.item, people[name])

    report = read(meeting)

    around = "".join(getattr(report, name) for name in REPORT_TEXTS).replace("　", "")
    within = "".join(
        getattr(told, name) for told in report.problems for name in CASE_TEXTS
    ).replace("　", "")
    for name in approved:
        within = within.replace(name, "")
    ours = set(Person.objects.values_list("name", flat=True))
    assert {name for name in ours if name in around} == set()
    assert {name for name in ours - approved if name in within} == set()


def test_the_fingerprint_is_that_of_the_text_and_of_nothing_else(hospital, meeting):
    case = a_case(hospital, meeting)
    a_case(hospital, meeting, concluded=False)
    before = read(meeting).fingerprint

    meeting.cases.filter(handling_concluded_on=None).update(facts="尚未办结")
    actions.submit_report(meeting, by=again(hospital.office))
    assert read(meeting).fingerprint == before

    ExposureCase.objects.filter(pk=case.pk).update(due_on=days(15))
    assert read(meeting).fingerprint != before


def test_a_report_costs_the_same_for_one_case_and_for_five(
    hospital, meeting, django_assert_num_queries, people
):
    def told(count):
        row = ExposureMeeting.objects.select_related("campaign__host").get(pk=meeting.pk)
        with django_assert_num_queries(5):
            assert len(queries.report_of(row).problems) == count

    final(hospital, a_case(hospital, meeting, facts="李小明离岗").item, people["李小明"])
    told(1)
    for _n in range(4):
        final(hospital, a_case(hospital, meeting, facts="王伟离岗").item, people["王伟"])
    told(5)
