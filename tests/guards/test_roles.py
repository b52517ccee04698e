"""Every address × everybody gives the answer that stands in ``roles.txt``, read line by line by people.

A line is ``address (which)   answer who who | answer who``. ``rest`` is everybody not named in the
line; somebody who has not signed in is sent to the sign-in page unless he is named.
"""

import re
from collections import defaultdict
from copy import copy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evaluations.forms.rounds import GradingForm
from rectification.models import NO_LET_GO
from supervision import queries
from tests.conftest import ReadingClient
from tests.evaluations.factories import SHARES
from tests.guards.addresses import address, every_case, patterns
from tests.guards.roles import ANYBODY, TO_SIGN_IN, expected, table
from tests.people import again
from tests.world import CAPTION, SCORE, TEXTS, world  # noqa: F401 -- a fixture

WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?')
QUERY = {"issues:register": "?about=work"}
JSON = "application/json"


def in_words(given, groups):
    """The line as it would stand in the table, to be read and, if it is right, written there."""
    by_answer = defaultdict(set)
    for name, answer in given.items():
        if (name, answer) != (ANYBODY, TO_SIGN_IN):
            by_answer[answer].add(name)
    most = max(by_answer, key=lambda answer: len(by_answer[answer]))
    parts = []
    for answer, names in sorted(by_answer.items(), key=lambda pair: (pair[0] == most, pair[0])):
        words = ["rest"] if answer == most else _closed(names, groups)
        parts.append(" ".join([answer, *words]))
    return " | ".join(parts)


def _closed(names, groups):
    words, left = [], set(names)
    for group, members in sorted(groups.items(), key=lambda pair: -len(pair[1])):
        if members <= left:
            words.append(group)
            left -= members
    return [*words, *sorted(left)]


def answer_of(response):
    for close_file in response._resource_closers if response.streaming else ():
        close_file()
    if response.status_code == 302 and response.url.startswith("/sign-in/"):
        return TO_SIGN_IN
    return str(response.status_code)


@pytest.fixture
def browsers(world):  # noqa: F811
    """Everybody's browser; each request asks for the person afresh, as in life."""
    clients = {ANYBODY: ReadingClient()}
    for name, person in world.hospital.people().items():
        clients[name] = ReadingClient()
        clients[name].force_login(again(person))
    return clients


def differences(browsers, found_cases, section, ask, silent):
    groups, lines = table(section)
    wrong = []
    for name, which, arguments in found_cases:
        given = {who: ask(browser, name, arguments) for who, browser in browsers.items()}
        if set(given.values()) <= {silent, TO_SIGN_IN, "401"} and (name, which) not in lines:
            continue
        head = f"{name} ({which})" if which else name
        if (name, which) not in lines:
            wrong.append(f"{head}   {in_words(given, groups)}   # not in the table")
        elif given != (wanted := expected(lines[name, which], set(browsers))):
            who = [f"{n}: {wanted.get(n)} -> {a}" for n, a in given.items() if wanted.get(n) != a]
            wrong.append(f"{head}   {in_words(given, groups)}   # {', '.join(who)}")
    return wrong


SPACES = sorted({name.partition(":")[0] if ":" in name else "" for name, _ in patterns()})


@pytest.mark.parametrize("space", SPACES)
def test_every_page_answers_everybody_as_the_table_says(world, browsers, space):  # noqa: F811
    names = {id(browser): who for who, browser in browsers.items()}
    secrets, leaked = must_not_read(world), []

    def read(browser, name, arguments):
        response = browser.get(address(name, arguments))
        text = "" if response.streaming else response.content.decode(errors="replace")
        leaked.extend(
            f"{names[id(browser)]} reads “{words}” at {name} {arguments}"
            for words, who_may in secrets.items()
            if words in text and names[id(browser)] not in who_may
        )
        return answer_of(response)

    wrong = differences(browsers, every_case(world, space), "GET", read, silent="405")
    if wrong + leaked:
        pytest.fail("\n".join(["", *wrong, *leaked]), pytrace=False)


def must_not_read(world):  # noqa: F811
    """Words → who alone may find them on any page."""
    groups, _ = table("")
    runs, outpatient = groups["@runs"], groups["@outpatient"]
    reads_grades = groups["@discipline"] | groups["@leading"]
    everybody = set(world.hospital.people())
    return {
        TEXTS["reported"]: runs | {"staff2"},
        TEXTS["for_surgery"]: runs | {"staff2", "head2"},
        TEXTS["handed_over"]: groups["@discipline"],
        TEXTS["confirmed"]: runs | outpatient | {"vp", "staff2"},
        TEXTS["drafting"]: runs | outpatient | {"vp"},
        TEXTS["case"]: runs,
        TEXTS["handling"]: groups["@office"] | groups["@discipline"] | groups["@leading"],
        TEXTS["unissued"]: runs,
        TEXTS["of_surgery"]: runs | {"head2", "vp2", "supervisor"},
        CAPTION: everybody
        - {"supervisor", "administrator", "stranger", "staff", "staff2", ANYBODY},
        TEXTS["confirmation"]: reads_grades | {"head"},
        TEXTS["measure"]: reads_grades,
        TEXTS["statement"]: reads_grades | {"head"},
        TEXTS["appeal"]: reads_grades | {"head"},
        TEXTS["comment"]: groups["@discipline"],
        str(SCORE): reads_grades | {"head", "head2"},
        world.draft.name: groups["@office"] | groups["@leading"],
        world.foreign.name: {
            "stranger",
            "administrator",
        },  # on the page that says what a person may see
    }


@pytest.mark.parametrize("section", ["GET", "POST"])
def test_the_table_has_no_line_left_over(world, section):  # noqa: F811
    asked = {(name, which) for name, which, _ in every_case(world)}

    assert set(table(section)[1]) - asked == set()


@pytest.mark.parametrize("space", SPACES)
def test_only_those_named_in_the_table_change_anything(world, browsers, space):  # noqa: F811
    """What anybody sends is undone again, so that each finds the world as it was."""

    def send(browser, name, arguments):
        cookies, wrote = copy(browser.cookies), []
        with transaction.atomic(), connection.execute_wrapper(writes_into(wrote)):
            kind = {"content_type": JSON} if name.startswith("api:") else {}
            response = browser.post(
                address(name, arguments) + QUERY.get(name, ""), body(world, name), **kind
            )
            transaction.set_rollback(True)
        browser.cookies = cookies
        return "done" if wrote else answer_of(response)

    if wrong := differences(browsers, every_case(world, space), "POST", send, silent="405"):
        pytest.fail("\n".join(["", *wrong]), pytrace=False)


def writes_into(found):
    """Notes every write but those by which sessions are kept."""

    def note(execute, sql, params, many, context):
        if (said := WRITE.match(sql)) and said[1] != "django_session":
            found.append(sql)
        return execute(sql, params, many, context)

    return note


def body(world, name):  # noqa: F811
    """Enough for those who may, so that the table shows them doing it."""
    reported, row = world.issues["reported"], world.workbooks
    if name.startswith("api:"):
        return spoken(world, name.removeprefix("api:"))
    if name.startswith("satisfaction:") or name == "ballots:survey":
        return of_satisfaction(world, name.partition(":")[2])
    if name.startswith("evaluations:"):
        return of_rounds(world).get(name.removeprefix("evaluations:"), {})
    if name.startswith("results:"):
        return of_results(world).get(name.removeprefix("results:"), {})
    if name.startswith("supervision:"):
        return of_exposure(world).get(name.removeprefix("supervision:"), {})
    sent = {
        "messaging:make_webhook": {
            "unit": world.hospital.unit.pk,
            "url": "http://oa.hospital.test/",
            "events": ["ledger_item.closed"],
        },
        "organisation:make_token": {"name": "LIS", "scope": "read", "days": "30"},
        "set_language": {"language": "en"},
        "campaign:finish": {"reason": "已全部销号"},
        "campaign:reminders": {
            "confirmed": "1",
            "first_days": "2",
            "second_days": "4",
            "third_days": "8",
            "decision_days": "2",
        },
        "messaging:choice": {"channel": "none"},
        "campaign:end_appointment": {"until": timezone.localdate().isoformat()},
        "campaign:tick": {"done": "1"},
        "issues:register": {"text": "厕所无人打扫", "source": "internal", "found_on": "2026-01-05"},
        "issues:resubmit": {"text": "厕所无人打扫", "source": "internal", "found_on": "2026-01-05"},
        "issues:batch": {"pk": [reported.pk], "step": "send_back", "reason": "请写明时间"},
        "issues:take_step": {
            "reason": "请写明时间",
            "into": world.issues["by_staff"].pk,
            "text": reported.text,
            "source": "internal",
            "lead_department": world.hospital.outpatient.pk,
        },
        "organisation:correct_day": {"day": "2026-03-02", "kind": "rest", "reason": "通知"},
        "organisation:move_unit": {"way": "up"},
        "organisation:let_in": {"reason": "退休"},
        "organisation:end_post": {"until": timezone.localdate().isoformat(), "reason": "调离"},
        "rectification:export": {"kind": "xlsx"},
        "rectification:plans": {"pk": [world.items["awaiting_plan_approval"].pk]},
        "rectification:object_to_notice": {"text": "仍然排队"},
        "rectification:progress": {"text": "已完成窗口改造"},
        "rectification:measure_done": {"done_on": timezone.localdate().isoformat()},
        "rectification:withdraw_evidence": {"reason": "传错了"},
        "rectification:decide_objection": {"decision": "dismiss", "answer": "已增开窗口"},
        "rectification:take_step": {
            "reason": "请补充",
            "opinion": "同意",
            "statement": "已增开窗口",
            "note": "请补充",
            "reasons": ["no_effect_shown"],
            "lead_department": world.hospital.surgery.pk,
        },
    }
    for purpose, workbook in row.items():
        space = "issues" if purpose == "issues" else "organisation"
        first = workbook.rows.order_by("pk").first()
        sent[f"{space}:{purpose}_import_leave_out"] = {"row": first.pk}
        columns = {"issues": "text", "units": "name", "people": "name"}
        sent[f"{space}:{purpose}_import_mend"] = {
            "row": first.pk,
            "column": columns[purpose],
            "text": "候诊区无人引导",
        }
    return sent.get(name, {})


def spoken(world, name):  # noqa: F811
    """What a program says, enough for those who may."""
    today, back = timezone.localdate().isoformat(), {"reasons": ["no_effect_shown"]}
    report = {"text": "厕所无人打扫", "source": "internal", "found_on": "2026-01-05"}
    reason = {"reason": "请写明时间"}
    sent = {
        "issue-report": report,
        "issue-confirm": {"lead_department": world.hospital.outpatient.pk},
        "issue-merge": {"into": str(world.issues["by_staff"].number)},
        "ledger-item-reassign": reason | {"lead_department": world.hospital.surgery.pk},
        "ledger-item-report-progress": {"text": "已完成窗口改造"},
        "ledger-item-complete-measure": {"measure": world.measure.pk, "done_on": today},
        "ledger-item-apply-for-sign-off": {"statement": "已增开窗口"},
        "ledger-item-check": {"opinion": "同意"},
        "ledger-item-verify": {
            "opinion": "现场查看",
            "no_let_go": [key for key, _label in NO_LET_GO],
        },
        "ledger-item-review-continuing": {"finding": "保持良好", "review_on": "2099-01-01"},
        "exposure-report-approve-report": {
            "number": 9,
            "issued_on": today,
            "fingerprint": queries.report_of(world.awaiting).fingerprint,
        },
        "exposure-report-hold-meeting": {"held_on": today},
        "exposure-report-distribute": {"units": [world.hospital.surgery.pk]},
        "exposure-report-acknowledge": {"unit": world.sent.unit_id},
        "exposure-report-return-report": reason,
        "exposure-report-cancel-meeting": reason,
    }
    for step in ("check", "verification", "approval"):
        sent[f"ledger-item-return-at-{step}"] = back
    for verb in ("send-back", "hand-over", "reject"):
        sent[f"issue-{verb}"] = reason
    for verb in ("return-plan", "object-to", "uphold-assignment", "void"):
        sent[f"ledger-item-{verb}"] = reason
    return sent.get(name, {})


def of_rounds(world):  # noqa: F811
    hospital = world.hospital
    plan = {
        "name": "新一轮评议",
        "period_from": "2099-01-01",
        "period_to": "2099-06-30",
        "tickets_from": "2099-07-01T08:00",
        "opens_at": "2099-07-03T08:00",
        "closes_at": "2099-07-07T18:00",
        "small_boxes": "merge",
        "months_in_post": "6",
    }
    group = {"code": "B", "name": "职工", "rule": "all_staff", "weight": "60"}
    added = {"electorate": world.electorate.pk, "reason": "漏列"}
    seats = {"person_1": hospital.vp.pk, "person_2": hospital.staff.pk, "person_3": hospital.vp2.pk}
    return {
        "plan": plan,
        "edit": plan,
        "subjects": {"posts": list(hospital.head3.posts.values_list("pk", flat=True))},
        "grading": GradingForm.initial_from(world.planned_round) | {"k_grade": "6"},
        "add_group": group,
        "group": group,
        "take_preset": {"key": "four"},
        "commission": seats | {f"stands_for_{seat}": "职工" for seat in (1, 2, 3)},
        "freeze": {"override": "演示"},
        "cancel": {"reason": "名册有误"},
        "slips": {f"box_{world.electorate.pk}": "1"},
        "give_slip": added | {"person": hospital.staff.employee_number},
        "add_voter": added | {"person": hospital.secretary.employee_number},
        **{page: {"one": SHARES[0], "other": SHARES[1]} for page in ("unlock", "count")},
    }


def of_results(world):  # noqa: F811
    today = timezone.localdate()
    hospital = world.hospital
    decided = {"reason": "集体研究", "decided_on": today}
    talk = {
        "on": today,
        "starts_at": "09:30",
        "place": "小会议室",
        "interviewer": hospital.discipline_secretary.employee_number,
        "recorder": hospital.discipline2.employee_number,
        "content": "指出问题",
        "text": "端正态度",
        "reply_due_on": today + timedelta(days=14),
        "effect_months": 6,
    }
    return {
        "confirm": decided | {"decision": "yes"},
        "decide": decided | {"rung": "reminder_letter"},
        "carry_out": talk,
        "draft": talk,
        "judge": {"decision": "no", "answer": "经复核无误"},
        "review": {"decision": "publish"},
        **{
            page: {"text": "情况说明"}
            for page in ("follow_up", "withdraw", "statement", "appeal", "answer")
        },
    }


def of_satisfaction(world, name):  # noqa: F811
    plan = {
        "name": "患者满意度",
        "audience": "public",
        "access": "open",
        "opens_at": "2099-01-01T08:00",
        "closes_at": "2099-01-15T18:00",
        "expected": "10",
        "minimum": "10",
        "satisfied": "100",
        "fairly": "70",
        "dissatisfied": "0",
        "departments": [world.hospital.outpatient.pk],
    }
    return {
        "survey": {"answer": "1", "token": "ab" * 32},
        "plan": plan,
        "edit": plan,
        "codes": {"each": "2"},
        "take_step": {"reason": "选错了科室"},
    }.get(name, {})


def test_nobody_of_the_hospital_reaches_into_another(world, browsers):  # noqa: F811
    foreign = {
        "campaign_pk": world.foreign.pk,
        "campaign": world.foreign.pk,
        "number": world.foreign_item.number,
    }
    own = set(browsers) - {"stranger", ANYBODY}
    reached = []
    for name, _which, arguments in every_case(world):
        if not {"campaign_pk", "campaign"} & set(arguments):
            continue
        there = {key: foreign.get(key, value) for key, value in arguments.items()}
        for who in (
            own if name.endswith(("detail", "list")) else ("office", "president", "supervisor")
        ):
            browser, where = browsers[who], address(name, there)
            kind = {"content_type": JSON} if name.startswith("api:") else {}
            for response in (browser.get(where), browser.post(where, **kind)):
                answer = answer_of(response)
                if answer not in {"403", "404", "405"}:
                    reached.append(f"{who} gets {answer} at {name} {there}")

    assert reached == []


@pytest.mark.parametrize(
    ("who", "name", "of"),
    [
        ("office", "campaign:milestones", {"pk": "foreign_phase"}),
        ("office", "campaign:tick", {"pk": "foreign_milestone"}),
        ("office", "campaign:end_appointment", {"pk": "foreign_appointment"}),
        ("head", "rectification:evidence", {"key": "evidence_of_surgery"}),
        ("office", "rectification:evidence_file", {"key": "foreign_evidence"}),
        ("head", "rectification:withdraw_evidence", {"key": "evidence_of_surgery"}),
        ("head2", "rectification:measure_done", {"pk": "measure"}),
        ("office", "rectification:decide_objection", {"pk": "objection"}),
    ],
)
def test_a_part_of_something_else_is_not_found_here(world, browsers, who, name, of):  # noqa: F811
    """The number in the address is one that the person may see; what hangs on it is another's."""
    item = world.items["of_surgery" if who == "head2" else "rectifying"]
    there = {"campaign_pk": world.hospital.campaign.pk, "number": item.number}
    for key, thing in of.items():
        there[key] = getattr(getattr(world, thing), key)
    taken = dict(patterns())[name]
    where = address(name, {key: value for key, value in there.items() if key in taken})

    got = browsers[who].get(where), browsers[who].post(where, {"until": "2026-01-01", "done": "1"})

    assert {response.status_code for response in got} <= {404, 405}
    assert 404 in {response.status_code for response in got}


def of_exposure(world):  # noqa: F811
    hospital = world.hospital
    today = timezone.localdate().isoformat()
    meeting = {
        "number": 9,
        "period_from": "2026-01-01",
        "period_to": "2026-02-28",
        "held_on": today,
        "starts_at": "15:00",
        "place": "二楼会议室",
        "red_days": 20,
    }
    case = {
        "title": "退费繁琐",
        "facts": "退费须跑四个窗口",
        "department": hospital.outpatient.pk,
        "position": 3,
    }
    report = {"title": "关于典型问题的通报", "recipient": "各科室", "intro": "现通报如下。"}
    criticism = {"cause": "管理不严", "pledges-TOTAL_FORMS": 0, "pledges-INITIAL_FORMS": 0}
    open_one = world.preparing.candidates.undecided().order_by("pk").first()
    issuing = {
        "number": 71,
        "issued_on": today,
        "fingerprint": queries.report_of(world.awaiting).fingerprint,
    }
    return {
        "plan": meeting,
        "edit": meeting,
        "letterhead": {"mark": "市第一人民医院文件", "number_word": "市一医"},
        "add_handling": {"person": hospital.staff.name, "form": "criticism", "decided_on": today},
        "handling_step": {"reason": "影响恶劣", "final_on": today},
        "take_step": {"reason": "改期", "held_on": today},
        "candidates": {"pk": [open_one.pk], "decision": "leave_out", "reason": "正在整改"},
        "take_in_item": {"item": world.items["checked"].code, "reason": "典型"},
        "case": case,
        "leave_out": {"reason": "正在整改"},
        "add_good_example": case,
        "texts": report,
        "approve": issuing,
        "return_report": {"reason": "事实不清"},
        "draft": {"kind": "agenda"},
        "distribution": {"units": [hospital.surgery.pk]},
        "criticism": criticism,
        "return_criticism": {"reason": "请补充"},
        "link_pledge": {"measure": world.measure.pk},
    }
