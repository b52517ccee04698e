"""The page where anybody answers: at the real address, through the door that knows nobody."""

import logging
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from ballots.models import BoxShard
from evaluations.actions import surveys as actions
from evaluations.models import Access, Survey
from tests.evaluations.survey_factories import (
    DISSATISFIED,
    FAIRLY,
    SATISFIED,
    answers_by_phone,
    closed,
    hours,
    opened,
    page_of,
    target_of,
    token_on,
)
from tests.people import again

pytestmark = pytest.mark.django_db
BUTTON = re.compile(r'<button class="answer[^>]*value="(\d)">([^<]+)</button>')


@pytest.fixture
def phone():
    return Client()


def counts(hospital, survey, unit="outpatient"):
    """What the count finds, padded above the minimum by the test itself."""
    closed(hospital, survey)
    target = Survey.objects.get(pk=survey.pk).targets.get(unit=getattr(hospital, unit))
    return target.returned


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_asks_one_question_with_four_buttons(phone, hospital):
    survey = opened(hospital)

    page = phone.get(page_of(survey, hospital.outpatient))

    assert page.status_code == 200
    assert BUTTON.findall(page.content.decode()) == [
        ("1", "Satisfied"),
        ("2", "Fairly satisfied"),
        ("3", "Not satisfied"),
        ("4", "I do not know it"),
    ]
    assert "门诊部 How satisfied are you with our service?" in text_of(page)
    assert "No name, phone number or network address is kept." in text_of(page)


def test_the_page_is_chinese_unless_english_is_asked_for(phone, hospital, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    survey = opened(hospital)
    address = page_of(survey, hospital.outpatient)

    assert 'lang="zh-CN"' in phone.get(address).content.decode()
    assert "How satisfied" in text_of(phone.get(f"{address}?lang=en"))


def test_the_page_names_the_window_whose_poster_was_scanned_and_no_other_words(phone, hospital):
    from tests.evaluations.survey_factories import a_survey

    survey = a_survey(hospital)
    target = survey.targets.get(unit=hospital.outpatient)
    actions.name_windows(survey, {target.pk: ["挂号1号", "收费2号"]}, by=again(hospital.office))
    survey = opened(hospital, survey)
    address = page_of(survey, hospital.outpatient)

    assert "门诊部 · 收费2号" in text_of(phone.get(f"{address}?w=2"))
    for other in ("3", "0", "-1", "x", "２", "<b>"):
        assert "门诊部 How satisfied" in text_of(phone.get(address, {"w": other}))


def test_an_answer_is_in_the_box_and_thanked_for(phone, hospital):
    survey = opened(hospital)

    response = answers_by_phone(f"{page_of(survey, hospital.outpatient)}?lang=en", SATISFIED, phone)

    assert response.status_code == 302
    thanks = phone.get(response.url)
    assert "Thank you!" in text_of(thanks)
    assert "Your answer about 门诊部 is in the box." in text_of(thanks)
    assert counts(hospital, survey) == 1


def test_a_double_press_counts_once_and_the_last_answer_stands(phone, hospital):
    survey = opened(hospital)
    address = page_of(survey, hospital.outpatient)
    token = token_on(phone.get(address))

    for answer in (1, 1, 3):
        assert phone.post(address, {"answer": answer, "token": token}).status_code == 302
    for _nth in range(11):
        answers_by_phone(address, FAIRLY, phone)

    closed(hospital, survey)
    target = Survey.objects.get().targets.get(unit=hospital.outpatient)
    assert target.counts == {"satisfied": 0, "fairly": 11, "dissatisfied": 1, "unknown": 0}


def test_every_page_draws_another_number(phone, hospital):
    address = page_of(opened(hospital), hospital.outpatient)

    tokens = {token_on(phone.get(address)) for _nth in range(5)}

    assert {len(token) for token in tokens} == {64}
    assert len(tokens) == 5


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"answer": "5"},
        {"answer": "0"},
        {"answer": "x"},
        {"answer": "1", "token": "zz"},
        {"answer": "1", "token": "ab"},
        {"answer": "1", "token": "ab" * 33},
        {"answer": "1", "more": "x" * 3000},
    ],
)
def test_what_no_page_sends_is_answered_with_the_page(phone, hospital, sent):
    survey = opened(hospital)

    response = phone.post(
        page_of(survey, hospital.outpatient), {"token": "ab" * 32} | sent if sent else {}
    )

    assert response.status_code == 400
    assert "Press one of the four answers." in text_of(response)
    assert len(BUTTON.findall(response.content.decode())) == 4
    assert counts(hospital, survey) == 0


def test_a_one_time_code_lets_one_answer_in_and_another_replaces_it(phone, hospital):
    survey = opened(hospital, access=Access.ONE_TIME, departments=[hospital.outpatient])
    [(_target, [code, *others])] = actions.make_codes(survey, by=again(hospital.office), each=12)
    address = page_of(survey, hospital.outpatient)

    for answer in (SATISFIED, DISSATISFIED):
        page = phone.get(f"{address}?c={code}")
        sent = {"answer": int(answer), "c": code, "token": token_on(page)}
        assert phone.post(address, sent).status_code == 302
    for other in others:
        phone.post(address, {"answer": 1, "c": other})

    closed(hospital, survey)
    target = Survey.objects.get().targets.get()
    assert target.counts == {"satisfied": 11, "fairly": 0, "dissatisfied": 1, "unknown": 0}
    assert (target.issued, target.returned) == (12, 12)


def test_a_code_is_read_however_it_was_typed(phone, hospital):
    survey = opened(hospital, access=Access.ONE_TIME)
    [(_one, [code]), _other] = actions.make_codes(survey, by=again(hospital.office), each=1)
    address = page_of(survey, hospital.outpatient)

    typed = f" {code[:6].lower()}-{code[6:12]} {code[12:]} "
    page = phone.get(address, {"c": typed})

    assert len(BUTTON.findall(page.content.decode())) == 4
    assert f'name="c" value="{code}"' in page.content.decode()


def test_without_a_code_the_page_asks_for_it(phone, hospital):
    survey = opened(hospital, access=Access.ONE_TIME)

    page = phone.get(page_of(survey, hospital.outpatient))

    assert page.status_code == 200
    assert "Please enter the code on your slip" in text_of(page)
    assert BUTTON.findall(page.content.decode()) == []


def test_a_wrong_code_and_one_of_another_department_are_refused_in_words(phone, hospital):
    survey = opened(hospital, access=Access.ONE_TIME)
    [_outpatient, (_surgery, [foreign])] = actions.make_codes(
        survey, by=again(hospital.office), each=1
    )
    address = page_of(survey, hospital.outpatient)

    for code in ("ABCDEF", foreign):
        page = phone.get(address, {"c": code})
        answer = phone.post(address, {"answer": 1, "c": code, "token": "ab" * 32})
        assert (page.status_code, answer.status_code) == (403, 403)
        assert "This code is not valid here." in text_of(page)
        assert "This code is not valid here." in text_of(answer)

    assert counts(hospital, survey) == 0


def test_an_open_link_does_not_take_the_place_of_a_code(phone, hospital):
    survey = opened(hospital, access=Access.ONE_TIME)

    answer = phone.post(page_of(survey, hospital.outpatient), {"answer": 1, "token": "ab" * 32})

    assert answer.status_code == 403
    assert counts(hospital, survey) == 0


def test_before_and_after_its_time_the_page_says_so(phone, hospital):
    early = opened(hospital, opens_at=hours(2), closes_at=hours(5))
    over = opened(hospital)
    address = page_of(over, hospital.outpatient)
    token = token_on(phone.get(address))
    closed(hospital, over)

    assert "The survey has not begun yet" in text_of(phone.get(page_of(early, hospital.surgery)))
    assert "The survey is over" in text_of(phone.get(address))
    late = phone.post(address, {"answer": 1, "token": token})
    assert late.status_code == 409
    assert "The survey is over" in text_of(late)


def test_a_cancelled_survey_is_over(phone, hospital):
    survey = opened(hospital)
    actions.cancel_survey(survey, by=again(hospital.office), reason="停")

    assert "The survey is over" in text_of(phone.get(page_of(survey, hospital.outpatient)))


def test_an_address_without_a_survey_says_so_in_words(phone):
    response = phone.get(reverse("ballots:survey", args=[uuid.uuid4()]))

    assert response.status_code == 404
    assert "There is no survey at this address" in text_of(response)


def test_the_box_of_another_kind_has_no_answer_page(phone, hospital):
    survey = opened(hospital)
    box = target_of(survey, hospital.outpatient).box
    box.kind = "grade"
    box.save()

    assert phone.get(page_of(survey, hospital.outpatient)).status_code == 404


def test_nothing_about_whoever_answers_is_read_written_or_logged(hospital, caplog):
    caplog.set_level(logging.DEBUG)
    survey = opened(hospital)
    address = page_of(survey, hospital.outpatient)
    signed_in = Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="MicroMessenger 8.0")
    signed_in.force_login(again(hospital.staff))
    sessions = set(Session.objects.values_list("session_key", "session_data", "expire_date"))
    events = Event.objects.count()
    caplog.clear()

    page = signed_in.get(address)
    token = token_on(page)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = signed_in.post(address, {"answer": 1, "token": token})

    assert not page.cookies
    assert not answer.cookies
    assert {page.headers["Cache-Control"], answer.headers["Referrer-Policy"]} == {
        "no-store",
        "no-referrer",
    }
    assert caplog.records == []
    assert Event.objects.count() == events
    assert (
        set(Session.objects.values_list("session_key", "session_data", "expire_date")) == sessions
    )
    said = " ".join(one["sql"] for one in asked.captured_queries)
    assert "203.0.113.9" not in said
    assert token not in said
    assert not re.search(r"organisation_|django_session|audit_", said)


def test_the_page_is_light_and_complete_without_scripts(phone, hospital):
    survey = opened(hospital)
    page = phone.get(page_of(survey, hospital.outpatient)).content.decode()
    from tests.guards.source import ROOT

    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    weight = len(page.encode()) + sum((ROOT / "static" / one).stat().st_size for one in files)

    assert set(files) == {"icons/seal.svg", "ballots/survey.css", "ballots/survey.js"}
    assert weight < 60 * 1024
    assert "hidden" in re.search(r'<p class="note" id="already"[^>]*>', page)[0]
    assert '<form method="post"' in page


def test_asking_and_answering_cost_the_same_however_many_answered(phone, hospital):
    survey = opened(hospital, expected=60)
    address = page_of(survey, hospital.outpatient)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            answers_by_phone(address, SATISFIED)
        return len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])

    first = cost()
    for _nth in range(12):
        answers_by_phone(address, FAIRLY)

    assert cost() == first == 5


def test_two_who_have_the_page_open_at_once_are_both_counted(phone, hospital):
    """The box has one shard: both are in it, whichever came last."""
    survey = opened(hospital)
    address = page_of(survey, hospital.outpatient)
    other = Client()
    first, second = token_on(phone.get(address)), token_on(other.get(address))
    phone.post(address, {"answer": 1, "token": first})
    other.post(address, {"answer": 2, "token": second})

    assert BoxShard.objects.count() == 2
    assert counts(hospital, survey) == 2
