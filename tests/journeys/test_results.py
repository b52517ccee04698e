"""From the second “poor” in a row to the record of the talk and the head's answer."""

import os
import re
from pathlib import Path

import pytest

from evaluations.models import Consequence
from evaluations.states import ConsequenceState
from tests.evaluations.result_factories import a_letterhead, a_poor_round, confirmed, subject_of
from tests.journeys.visitor import PHONE

SHOTS = os.environ.get("SHOTS", "")


def pictured(visitor, name):
    """A picture for whoever wants to look, where ``SHOTS`` names a folder."""
    if SHOTS:
        visitor.tab.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def second_in_a_row(hospital):
    a_letterhead(hospital)
    confirmed(subject_of(a_poor_round(hospital, days_ago=40), hospital.head), hospital)
    return subject_of(a_poor_round(hospital), hospital.head)


def reads_and_states_his_view(head, subject):
    head.goes_to("/")
    head.taps_link("我的评议结果", head.main)
    pictured(head, "mine-360")
    head.taps_link(re.compile(subject.round.name), head.main)
    head.sees("差", re.compile("票数本身不产生任何后果"))
    pictured(head, "own-360")
    head.taps_link("陈述意见", head.main)
    head.writes("我的意见", "窗口人手不足，已两次报告。")
    head.taps_button("陈述意见", head.main)
    head.sees(re.compile("意见已记录"), within=head.tab)


def confirms_and_decides(secretary, subject):
    secretary.goes_to("/")
    pictured(secretary, "home-1093")
    secretary.sees("评议结果认定")
    secretary.taps_link(re.compile(subject.round.name), secretary.main)
    secretary.sees("窗口人手不足，已两次报告。", "诫勉谈话", re.compile("得分低于“一般”下限"))
    pictured(secretary, "confirm-1093")
    secretary.taps_on(secretary.tab.get_by_label("认定为“差”", exact=True))
    secretary.writes("理由", "经核实，群众反映属实。")
    secretary.taps_button("认定评议结果", secretary.main)
    secretary.sees(re.compile("已认定。请接着决定处理方式"), within=secretary.tab)
    pictured(secretary, "head-1093")
    secretary.taps_link("决定处理方式", secretary.main)
    secretary.writes("理由", "连续两次，按规定诫勉谈话。")
    pictured(secretary, "decide-1093")
    secretary.taps_button("决定处理方式", secretary.main)
    secretary.sees(re.compile("现由纪检监察室执行"), within=secretary.tab)
    secretary.goes_to(f"/campaigns/{subject.round.campaign_id}/results/{subject.round.number}/")
    pictured(secretary, "round-1093")


def speaks_and_records(discipline, hospital, subject):
    discipline.goes_to("/")
    discipline.taps_link(re.compile(subject.round.name), discipline.main)
    discipline.writes("谈话地点", "小会议室")
    discipline.writes("谈话人", hospital.discipline_secretary.employee_number)
    discipline.writes("记录人", hospital.discipline.employee_number)
    discipline.writes("谈话内容", "指出窗口服务中的问题，听取本人说明。")
    discipline.writes("整改要求", "一个月内规范窗口接待。")
    pictured(discipline, "carry-out-1093")
    discipline.taps_button("出具文书并执行", discipline.main)
    discipline.sees(re.compile("已执行，本人现在可以看到"), within=discipline.tab)
    pictured(discipline, "done-1093")


def test_second_poor_in_a_row_to_the_talk_and_the_answer(visit, hospital, second_in_a_row):
    subject = second_in_a_row
    head = visit(hospital.head, width=PHONE)
    secretary, discipline = visit(hospital.secretary), visit(hospital.discipline)

    reads_and_states_his_view(head, subject)
    confirms_and_decides(secretary, subject)
    speaks_and_records(discipline, hospital, subject)

    head.goes_to("/")
    head.taps_link(re.compile(subject.round.name), head.main)
    head.writes("我的回复", "已制定措施，月底前完成。")
    head.taps_button("书面回复", head.main)
    head.sees(re.compile("回复已提交"), within=head.tab)
    pictured(head, "own-done-360")

    measure = Consequence.objects.get()
    assert (measure.state, measure.rung) == (ConsequenceState.ANSWERED, "admonition_talk")
    for visitor in (head, secretary, discipline):
        assert visitor.complaints == []
