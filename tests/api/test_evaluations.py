"""Rounds and surveys for programs: as much as the pages show, and never a person's grade."""

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import Publication
from tests.api.asking import every_page, reader
from tests.evaluations import survey_factories as satisfaction
from tests.evaluations.factories import a_frozen_round, a_round
from tests.evaluations.result_factories import a_poor_round
from tests.people import again

pytestmark = pytest.mark.django_db


def rounds(hospital, *number):
    name = "detail" if number else "list"
    return reverse(f"api:evaluation-round-{name}", args=[hospital.campaign.pk, *number])


def surveys(hospital, *pk):
    name = "detail" if pk else "list"
    return reverse(f"api:satisfaction-survey-{name}", args=[hospital.campaign.pk, *pk])


def test_everybody_is_told_exactly_the_rounds_of_his_page(client, hospital):
    a_frozen_round(hospital)
    a_round(hospital, name="下一轮评议")

    for name, person in hospital.people().items():
        client.force_login(again(person))
        page = client.get(reverse("evaluations:list", args=[hospital.campaign.pk]))
        answer = reader(person).get(rounds(hospital))

        assert answer.status_code == page.status_code, name
        if answer.status_code == 200:
            told = {row["number"] for row in every_page(reader(person), rounds(hospital))}
            assert told == {row.number for row in page.context["page"]}, name


def test_the_rules_of_a_round_are_found_under_its_digest(hospital):
    round_ = a_frozen_round(hospital)

    told = reader(hospital.office).get(rounds(hospital, round_.number)).json()

    rules = Client().get(told["rules"].removeprefix("http://testserver"))
    assert hashlib.sha256(rules.content).hexdigest() == told["rules_digest"]
    assert told["board"] == ""


def test_no_program_is_told_a_grade_whoever_asks(hospital):
    round_ = a_poor_round(hospital)
    assert Publication.objects.get(subject__person=hospital.head).grade == "poor"

    for name, person in hospital.people().items():
        for path in (rounds(hospital), rounds(hospital, round_.number)):
            told = reader(person).get(path).content.decode()
            assert "poor" not in told, name
            assert hospital.head.name not in told, name


def test_everybody_is_told_exactly_the_surveys_of_his_page(client, hospital):
    satisfaction.a_survey(hospital)
    satisfaction.opened(hospital)
    satisfaction.published(hospital)

    for name, person in hospital.people().items():
        client.force_login(again(person))
        page = client.get(reverse("satisfaction:list", args=[hospital.campaign.pk]))
        answer = reader(person).get(surveys(hospital))

        assert answer.status_code == page.status_code, name
        if answer.status_code == 200:
            told = {row["id"] for row in every_page(reader(person), surveys(hospital))}
            assert told == {row.pk for row in page.context["page"]}, name


def test_rate_and_score_are_told_apart_with_their_numbers(hospital):
    survey = satisfaction.published(
        hospital, outpatient={"satisfied": 6, "fairly": 3, "dissatisfied": 3, "unknown": 2}
    )

    told = reader(hospital.staff).get(surveys(hospital, survey.pk)).json()

    outpatient = next(one for one in told["figures"] if one["unit"]["id"] == hospital.outpatient.pk)
    assert outpatient == {
        "unit": {"id": hospital.outpatient.pk, "name": hospital.outpatient.name},
        "issued": None,
        "returned": 14,
        "valid": 14,
        "judging": 12,
        "rate": "75.0",
        "score": "67.5",
        "is_suppressed": False,
    }


def test_an_open_survey_has_no_figures_for_anybody(hospital):
    survey = satisfaction.opened(hospital)
    satisfaction.put_in(survey, hospital.outpatient, satisfied=12)

    told = reader(hospital.office).get(surveys(hospital, survey.pk)).json()

    assert told["figures"] is None


def test_one_round_costs_what_three_cost(hospital):
    program = reader(hospital.office)
    a_frozen_round(hospital)
    program.get(rounds(hospital))
    with CaptureQueriesContext(connection) as one:
        program.get(rounds(hospital))
    a_frozen_round(hospital)
    a_round(hospital)
    with CaptureQueriesContext(connection) as three:
        assert len(program.get(rounds(hospital)).json()["results"]) == 3

    assert len(one) == len(three)
