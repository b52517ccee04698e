"""Surveys as far along as a test needs them, and people who answer them at the real address."""

import datetime as dt
import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.actions import cast
from ballots.actions.casting import code_hash
from ballots.sealing import SurveyAnswer
from evaluations.actions import surveys as actions
from evaluations.counting.satisfaction import Answer
from evaluations.models import Access, Audience, Survey
from tests.people import again

SATISFIED, FAIRLY, DISSATISFIED, UNKNOWN = Answer


def hours(n):
    return timezone.now() + dt.timedelta(hours=n)


def a_survey(hospital, *, departments=None, **facts):
    """Planned by the office: patients are asked about outpatient and surgery, since an hour, for a day."""
    given = {
        "name": "门诊患者满意度测评",
        "audience": Audience.PUBLIC,
        "access": Access.OPEN,
        "opens_at": hours(-1),
        "closes_at": hours(24),
        "expected": 40,
        **facts,
    }
    departments = departments or [hospital.outpatient, hospital.surgery]
    return actions.plan_survey(
        hospital.campaign, by=again(hospital.office), departments=departments, **given
    )


def opened(hospital, survey=None, **facts):
    survey = survey or a_survey(hospital, **facts)
    return actions.open_survey(survey, by=again(hospital.office))


def target_of(survey, unit):
    return survey.targets.select_related("box").get(unit=unit)


def put_in(survey, unit, **numbers):
    """Answers in the box without the page: ``satisfied=3, unknown=1``."""
    box = target_of(survey, unit).box
    at = 0
    for name, number in numbers.items():
        for _nth in range(number):
            at += 1
            credential = code_hash(f"{survey.pk} {unit.pk} {name} {at}")
            sealed = SurveyAnswer(Answer[name.upper()]).encode()
            cast(box.pk, credential=credential, sealed=sealed, now=timezone.now())


def closed(hospital, survey, **by_unit):
    """Counted, after the clock went past its end."""
    for unit, numbers in by_unit.items():
        put_in(survey, getattr(hospital, unit), **numbers)
    return actions.close_survey(
        survey, by=again(hospital.office), now=survey.closes_at + dt.timedelta(minutes=2)
    )


def published(hospital, *, survey=None, outpatient=None, surgery=None, **facts):
    """Twelve answers about outpatient, three about surgery: too few to be published."""
    survey = survey or opened(hospital, **facts)
    closed(
        hospital,
        survey,
        outpatient=outpatient or {"satisfied": 6, "fairly": 3, "dissatisfied": 1, "unknown": 2},
        surgery=surgery or {"dissatisfied": 3},
    )
    return actions.publish_survey(Survey.objects.get(pk=survey.pk), by=again(hospital.office))


def page_of(survey, unit):
    return reverse("ballots:survey", args=[target_of(survey, unit).box_id])


def token_on(page):
    return re.search(r'name="token" value="(\w+)"', page.content.decode())[1]


def answers_by_phone(address, answer, phone=None):
    """Opens the page and presses a button, as a browser without scripts does."""
    phone = phone or Client()
    sent = {"answer": int(answer), "token": token_on(phone.get(address))}
    return phone.post(address, sent)
