"""The pages of surveys: what each says, and what nobody reads while a survey is open."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from evaluations.actions import surveys as actions
from evaluations.models import Access, Audience, Survey
from evaluations.states import SurveyState
from tests.evaluations.survey_factories import (
    a_survey,
    closed,
    hours,
    opened,
    published,
    put_in,
    target_of,
)
from tests.htmx import assert_same_part
from tests.people import again

pytestmark = pytest.mark.django_db


def address(page, survey, **more):
    kept = {"campaign_pk": survey.campaign_id, "pk": survey.pk} | more
    return reverse(f"satisfaction:{page}", kwargs=kept)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows_of(response, ident):
    """The table's cells, row by row, as words."""
    table = response.content.decode().partition(f'id="{ident}"')[2].partition("</table>")[0]
    body = table.partition("<tbody>")[2]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        ]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)
    ]


@pytest.fixture
def as_(client):
    def browser(person):
        client.force_login(again(person))
        return client

    return browser


def local(moment):
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def sent(hospital, **facts):
    return {
        "name": "门诊患者满意度测评",
        "audience": "public",
        "access": "open",
        "opens_at": local(hours(1)),
        "closes_at": local(hours(100)),
        "expected": "2000",
        "minimum": "10",
        "satisfied": "100",
        "fairly": "70",
        "dissatisfied": "0",
        "departments": [hospital.outpatient.pk],
    } | facts


def test_the_public_is_asked_about_departments_that_serve_patients(as_, hospital):
    hospital.laboratory.handles_resources = True
    hospital.laboratory.save()
    plan = reverse("satisfaction:plan", args=[hospital.campaign.pk])
    office = as_(hospital.office)

    public = office.get(plan).context["form"].initial
    staff = office.get(f"{plan}?audience=staff").context["form"].initial

    assert (public["audience"], public["departments"]) == ("public", [hospital.outpatient.pk])
    assert (staff["audience"], staff["departments"]) == ("staff", [hospital.laboratory.pk])


def test_a_survey_is_planned_on_the_page(as_, hospital):
    plan = reverse("satisfaction:plan", args=[hospital.campaign.pk])

    response = as_(hospital.office).post(plan, sent(hospital), follow=True)

    survey = Survey.objects.get()
    assert response.redirect_chain == [(survey.get_absolute_url(), 302)]
    assert "Look it over and open it; until then nobody can answer." in text_of(response)
    assert [one.unit for one in survey.targets.all()] == [hospital.outpatient]


def test_what_was_typed_wrong_comes_back_with_what_was_wrong(as_, hospital):
    plan = reverse("satisfaction:plan", args=[hospital.campaign.pk])
    wrong = {
        "closes_at": local(hours(-5)),
        "minimum": "3",
        "fairly": "100",
        "departments": [],
    }

    response = as_(hospital.office).post(plan, sent(hospital, **wrong))

    assert response.status_code == 422
    said = text_of(response)
    assert "The survey would close before it opens." in said
    assert "Each answer has fewer points than the one before." in said
    assert "Tick at least one department." in said
    assert 'value="门诊患者满意度测评"' in response.content.decode()
    assert not Survey.objects.exists()


def test_a_department_of_another_hospital_cannot_be_asked_about(as_, hospital):
    foreign = hospital.stranger.posts.get().unit
    plan = reverse("satisfaction:plan", args=[hospital.campaign.pk])

    response = as_(hospital.office).post(plan, sent(hospital, departments=[foreign.pk]))

    assert response.status_code == 422
    assert not Survey.objects.exists()


def test_a_planned_survey_is_changed_and_gets_windows(as_, hospital):
    survey = a_survey(hospital)
    office = as_(hospital.office)
    target = survey.targets.get(unit=hospital.outpatient)

    office.post(address("edit", survey), sent(hospital, name="改过的名称"))
    office.post(
        address("windows", survey), {f"windows-{target.pk}": "1号窗口、 2号窗口，1号窗口；急诊A"}
    )

    survey.refresh_from_db()
    assert survey.name == "改过的名称"
    [target] = survey.targets.all()
    assert target.windows == ["1号窗口", "2号窗口", "急诊A"]


def test_too_long_a_window_is_refused(as_, hospital):
    survey = a_survey(hospital)
    target = survey.targets.get(unit=hospital.outpatient)

    response = as_(hospital.office).post(
        address("windows", survey), {f"windows-{target.pk}": "窗" * 21}
    )

    assert response.status_code == 422
    target.refresh_from_db()
    assert target.windows == []


def test_the_steps_lead_from_the_plan_to_the_published_page(as_, hospital):
    survey = a_survey(hospital)
    office = as_(hospital.office)

    def take(step):
        return office.post(address("take_step", survey, step=step), follow=True)

    assert "Print posters or slips now." in text_of(take("open_survey"))
    put_in(survey, hospital.outpatient, satisfied=12)
    assert take("close_survey").status_code == 422
    Survey.objects.update(opens_at=hours(-9), closes_at=hours(-1))
    assert "Check the figures, then publish them." in text_of(take("close_survey"))
    assert "everybody in the campaign reads them" in text_of(take("publish_survey"))
    assert Survey.objects.get().state == SurveyState.PUBLISHED


def test_cancelling_needs_a_reason(as_, hospital):
    survey = opened(hospital)
    step = address("take_step", survey, step="cancel_survey")

    assert as_(hospital.office).post(step, {"reason": ""}).status_code == 422
    assert Survey.objects.get().state == SurveyState.OPEN

    as_(hospital.office).post(step, {"reason": "选错了科室"})
    assert Survey.objects.get().state == SurveyState.CANCELLED


def test_a_step_that_is_too_late_says_so(as_, hospital):
    survey = published(hospital)

    response = as_(hospital.office).get(
        address("take_step", survey, step="cancel_survey"), follow=True
    )

    assert "Nothing can be changed now: the state is “published”." in text_of(response)


def test_an_open_survey_is_the_same_page_however_many_answered(hospital, client):
    """Nobody reads a figure while it is open, on any address: not even how many came back."""
    survey = opened(hospital)
    Survey.objects.update(name="进行中的测评")
    pages = [
        reverse("satisfaction:list", args=[hospital.campaign.pk]),
        *(address(page, survey) for page in ("survey", "issued", "posters", "codes", "edit")),
        *(address(page, survey) for page in ("windows", "result_pdf", "result_xlsx")),
        address("take_step", survey, step="close_survey"),
        address("take_step", survey, step="cancel_survey"),
        reverse("campaign:detail", args=[hospital.campaign.pk]),
        reverse("campaign:history", args=[hospital.campaign.pk]),
        reverse("ballots:survey", args=[target_of(survey, hospital.outpatient).box_id]),
        reverse("ballots:election", args=[survey.election_id]),
        reverse("ballots:board", args=[survey.election_id]),
        reverse("satisfaction:plan", args=[hospital.campaign.pk]),
    ]

    def seen():
        found = {}
        for name, person in hospital.people().items():
            client.force_login(again(person))
            for page in pages:
                response = client.get(page)
                words = response.content
                if response.headers.get("Content-Type", "").startswith("text/html"):
                    words = re.sub(rb'(token|csrf\w*)"? (value=)?"\w+"', b"", words)
                    words = re.sub(rb'"X-CSRFToken": "\w+"', b"", words)
                found[name, page] = response.status_code, words
        return found

    before = seen()
    put_in(survey, hospital.outpatient, satisfied=31, fairly=17)
    after = seen()

    assert {where for where in before if before[where] != after[where]} == set()
    assert {status for status, _words in before.values()} == {200, 302, 403, 404}


def test_the_result_shows_rate_and_score_apart_with_their_formulas(as_, hospital):
    survey = opened(hospital)
    actions.record_issued(
        survey,
        {target_of(survey, hospital.outpatient).pk: 10},
        by=again(hospital.office),
    )
    survey = published(hospital, survey=survey)

    page = as_(hospital.staff).get(address("survey", survey))

    assert rows_of(page, "survey-result") == [
        ["门诊部", "10", "12 ▲ more than issued", "12", "2", "90.0% n=10", "81.0"],
        ["普外科", "not known", "3", "—", "—", "too few answers, not published"],
    ]
    said = text_of(page)
    assert "Rate = (satisfied + fairly satisfied) ÷ (valid − do not know)" in said
    assert "Score = (satisfied × 100 + fairly satisfied × 70 + not satisfied × 0)" in said
    assert "rounded half up to one decimal" in said
    assert "Together" not in said


def test_a_hundred_who_are_all_dissatisfied_read_as_zero(as_, hospital):
    survey = published(hospital, outpatient={"dissatisfied": 100}, expected=200)

    page = as_(hospital.office).get(address("survey", survey))

    assert rows_of(page, "survey-result")[0] == [
        "门诊部", "not known", "100", "100", "0", "0.0%", "0.0",
    ]  # fmt: skip


def test_a_total_is_over_the_published_departments_alone(as_, hospital):
    departments = [hospital.outpatient, hospital.surgery, hospital.laboratory]
    survey = opened(hospital, departments=departments, access=Access.OPEN)
    put_in(survey, hospital.laboratory, dissatisfied=5)
    survey = published(
        hospital,
        survey=survey,
        outpatient={"satisfied": 10},
        surgery={"satisfied": 20, "fairly": 10},
    )

    page = as_(hospital.head).get(address("survey", survey))

    assert rows_of(page, "survey-result")[-1] == [
        "Together (2 departments)", "not known", "40", "40", "0", "100.0%", "92.5",
    ]  # fmt: skip


def test_what_is_counted_is_read_by_those_who_run_it_until_it_is_published(as_, hospital):
    survey = opened(hospital)
    closed(hospital, survey, outpatient={"satisfied": 12})

    assert "Counted, not published." in text_of(as_(hospital.office).get(address("survey", survey)))
    assert as_(hospital.head).get(address("survey", survey)).status_code == 404
    assert as_(hospital.head).get(address("result_pdf", survey)).status_code == 404


def test_the_list_is_of_what_one_may_see(as_, hospital):
    published(hospital, name="已经公布的")
    opened(hospital, name="正在进行的")
    page = reverse("satisfaction:list", args=[hospital.campaign.pk])

    seen_by_office, seen_by_head = (
        text_of(as_(person).get(page)) for person in (hospital.office, hospital.head)
    )

    assert "已经公布的" in seen_by_office
    assert "正在进行的" in seen_by_office
    assert "已经公布的" in seen_by_head
    assert "正在进行的" not in seen_by_head


def test_the_course_since_the_campaign_began_is_of_the_same_people_with_how_many(as_, hospital):
    first = published(hospital, closes_at=hours(10), outpatient={"satisfied": 15, "unknown": 1})
    published(hospital, closes_at=hours(11), audience=Audience.STAFF)
    last = published(hospital, closes_at=hours(12), surgery={"fairly": 11})

    page = as_(hospital.head).get(address("survey", last))

    assert rows_of(page, "survey-trend") == [
        ["门诊部", "", "100.0% 100.0 · n=15", "90.0% 81.0 · n=10"],
        ["普外科", "", "too few answers", "100.0% 70.0 · n=11"],
    ]
    charts = re.findall(r"<svg class=\"survey-chart\".*?</svg>", page.content.decode(), re.S)
    assert [chart.count("<polyline") for chart in charts] == [1, 0]
    assert [chart.count("<circle") for chart in charts] == [2, 1]
    earlier = as_(hospital.head).get(address("survey", first)).content.decode()
    assert "survey-trend" not in earlier


def cost_of(client, where):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    return len(asked)


def test_a_survey_of_one_department_costs_what_one_of_three_costs(as_, hospital):
    everything = [hospital.outpatient, hospital.surgery, hospital.laboratory]
    published(hospital, closes_at=hours(5), departments=everything)
    few = published(
        hospital, closes_at=hours(6), departments=[hospital.outpatient, hospital.surgery]
    )
    many = published(hospital, closes_at=hours(7), departments=everything)
    client = as_(hospital.head)

    client.get(address("survey", few))
    assert cost_of(client, address("survey", few)) == cost_of(client, address("survey", many))


def test_the_list_costs_the_same_however_long_it_is(as_, hospital):
    page = reverse("satisfaction:list", args=[hospital.campaign.pk])
    client = as_(hospital.office)
    opened(hospital)
    client.get(page)
    one = cost_of(client, page)
    opened(hospital)
    opened(hospital)

    assert cost_of(client, page) == one


def test_the_part_of_a_form_is_the_part_of_its_page(as_, hospital):
    survey = a_survey(hospital)
    client = as_(hospital.office)

    assert_same_part(client, address("edit", survey), "survey-edit")
    assert_same_part(client, address("windows", survey), "survey-step")


def test_the_workbook_has_each_figure_in_its_column(as_, hospital):
    survey = published(hospital)

    response = as_(hospital.staff).get(address("result_xlsx", survey))

    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = next(n for n, row in enumerate(rows) if row[0] == "Department")
    assert rows[at + 1 :] == [
        ["门诊部", None, 12, 12, 6, 3, 1, 2, 90, 81, "n = 10"],
        ["普外科", None, 3, None, None, None, None, None, None, None, rows[at + 2][-1]],
    ]
    assert rows[at + 2][-1] == "too few answers, not published"


def test_posters_are_for_an_open_link_and_codes_for_one_time_codes(as_, hospital):
    linked, coded = opened(hospital), opened(hospital, access=Access.ONE_TIME)
    office = as_(hospital.office)

    assert office.get(address("codes", linked)).status_code == 302
    assert office.get(address("posters", coded)).status_code == 302
    assert office.get(address("issued", coded)).status_code == 302
    assert office.get(address("codes", coded)).status_code == 200


def test_the_sheets_of_codes_come_as_the_answer_and_are_kept_nowhere(as_, hospital):
    from messaging.models import Job

    survey = opened(hospital, access=Access.ONE_TIME)

    response = as_(hospital.office).post(address("codes", survey), {"each": 11})

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.startswith(b"%PDF")
    assert not Job.objects.exists()
    assert {one.box.slips for one in survey.targets.select_related("box")} == {11}


def test_codes_that_cannot_be_drawn_are_not_made(as_, hospital):
    from ballots.models import SlipCode

    hospital.outpatient.name = "门诊\U0002ffff部"
    hospital.outpatient.save()
    survey = opened(hospital, access=Access.ONE_TIME)

    response = as_(hospital.office).post(address("codes", survey), {"each": 5})

    assert response.status_code == 422
    assert "U+2FFFF" in text_of(response)
    assert not SlipCode.objects.exists()


def test_how_many_were_asked_is_entered_on_a_page(as_, hospital):
    survey = opened(hospital)
    target = target_of(survey, hospital.outpatient)

    as_(hospital.office).post(address("issued", survey), {f"issued-{target.pk}": "300"})

    target.refresh_from_db()
    assert target.issued == 300


def test_the_office_is_told_when_no_phone_can_open_the_address(as_, hospital, settings):
    survey = opened(hospital)
    page = address("survey", survey)
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert "which no phone can open" in text_of(as_(hospital.office).get(page))

    settings.SITE_URL = "https://zf.hospital.example"
    assert "which no phone can open" not in text_of(as_(hospital.office).get(page))


def test_before_its_end_there_is_no_button_to_close_it(as_, hospital):
    survey = opened(hospital)
    page = address("survey", survey)
    assert "Close and count" not in text_of(as_(hospital.office).get(page))

    Survey.objects.update(closes_at=hours(0) - dt.timedelta(seconds=1))
    assert "Close and count" in text_of(as_(hospital.office).get(page))
