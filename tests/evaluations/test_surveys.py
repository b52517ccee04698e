"""What happens to a survey: each move done, refused by rule, refused by state, and nothing changed then."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from audit.models import Event
from ballots import keyring
from ballots.actions import NotTakenError
from ballots.models import BoardEntry, BoxShard, Door, Election, SlipCode
from campaign.models import Campaign
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from evaluations.actions import surveys as actions
from evaluations.models import Access, Audience, Survey
from evaluations.queries import surveys as queries
from evaluations.states import SurveyState
from evaluations.tasks import close_surveys
from organisation.models import SYSTEM
from tests.evaluations.survey_factories import (
    a_survey,
    closed,
    hours,
    opened,
    published,
    put_in,
    target_of,
)
from tests.people import again

pytestmark = pytest.mark.django_db


def now_in(survey):
    return Survey.objects.get(pk=survey.pk)


def after(survey, **past):
    return survey.closes_at + dt.timedelta(**(past or {"minutes": 2}))


def figures(survey):
    rows = survey.targets.order_by("unit__name").values_list(
        "unit__name", "issued", "returned", "valid", "counts"
    )
    return {name: figures for name, *figures in rows}


def test_a_survey_is_planned_with_its_departments(hospital):
    survey = a_survey(hospital)

    assert survey.state == SurveyState.PREPARING
    assert {one.unit for one in survey.targets.all()} == {hospital.outpatient, hospital.surgery}
    event = Event.objects.get(action="evaluations.plan_survey")
    assert event.detail == {"departments": ["门诊部", "普外科"]}


def test_office_and_discipline_office_run_surveys_and_nobody_else(hospital):
    survey = a_survey(hospital)

    assert hospital.who_may("evaluations.run_survey", survey) == {
        "office",
        "office2",
        "discipline",
        "discipline2",
        "discipline_secretary",
    }


def test_somebody_else_plans_no_survey(hospital):
    facts = {"name": "x", "audience": Audience.STAFF, "access": Access.OPEN}
    times = {"opens_at": hours(1), "closes_at": hours(2)}

    with pytest.raises(PermissionDenied):
        actions.plan_survey(
            hospital.campaign,
            by=again(hospital.head),
            departments=[hospital.outpatient],
            **facts,
            **times,
        )

    assert not Survey.objects.exists()


def test_only_a_running_campaign_has_surveys(hospital):
    Campaign.objects.update(state=CampaignState.FINISHED)

    with pytest.raises(ActionRefusedError, match="Only a running campaign"):
        a_survey(hospital)

    assert not Survey.objects.exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"minimum": 9}, "fewer than 10 answers|greater than or equal to 10"),
        ({"fairly": 0}, "Each answer has fewer points"),
        ({"satisfied": 70}, "Each answer has fewer points"),
        ({"closes_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "close before it opens"),
    ],
)
def test_rules_that_would_mislead_are_refused(hospital, facts, sentence):
    with pytest.raises(ActionRefusedError, match=sentence):
        a_survey(hospital, **facts)

    assert not Survey.objects.exists()


def test_what_is_not_open_yet_can_be_changed_and_nothing_after(hospital):
    survey = a_survey(hospital)
    office = again(hospital.office)

    changed = actions.revise_survey(
        survey, by=office, departments=[hospital.laboratory], name="检验满意度"
    )
    assert changed.name == "检验满意度"
    assert [one.unit for one in changed.targets.all()] == [hospital.laboratory]

    survey = opened(hospital, changed)
    with pytest.raises(ActionRefusedError, match="the state is “open”"):
        actions.revise_survey(survey, by=office, departments=[hospital.surgery], name="别的")
    with pytest.raises(ActionRefusedError, match="the state is “open”"):
        actions.name_windows(survey, {}, by=office)
    assert now_in(survey).name == "检验满意度"


def test_opening_makes_one_box_for_each_department_without_tickets_or_persons(hospital):
    survey = a_survey(hospital)
    target = survey.targets.get(unit=hospital.outpatient)
    actions.name_windows(survey, {target.pk: ["1号窗口", "2号窗口"]}, by=again(hospital.office))

    survey = opened(hospital, survey)

    boxes = {one.box for one in survey.targets.select_related("box")}
    assert {(box.kind, box.door, box.eligible) for box in boxes} == {("survey", Door.OPEN, 40)}
    assert {(box.public_key, box.signing_key) for box in boxes} == {(None, None)}
    described = survey.election.description
    assert {(one["name"], *one["windows"]) for one in described["boxes"]} == {
        ("门诊部", "1号窗口", "2号窗口"),
        ("普外科",),
    }
    assert not [one for one in hospital.people().values() if one.name in survey.election.manifest]
    assert survey.election.seal_key is None


def test_opening_is_refused_after_the_closing_time_and_leaves_no_key(hospital):
    survey = a_survey(hospital, opens_at=hours(-3), closes_at=hours(-1))

    with pytest.raises(ActionRefusedError, match="The closing time has passed"):
        opened(hospital, survey)

    assert now_in(survey).state == SurveyState.PREPARING
    assert not Election.objects.exists()


def test_opening_is_refused_by_rule_and_by_state(hospital):
    survey = a_survey(hospital)
    with pytest.raises(PermissionDenied):
        actions.open_survey(survey, by=again(hospital.secretary))
    assert now_in(survey).state == SurveyState.PREPARING

    opened(hospital, survey)
    with pytest.raises(ActionRefusedError, match="is not possible here"):
        opened(hospital, survey)
    assert Election.objects.count() == 1


def test_closing_counts_and_keeps_only_what_enough_answered(hospital):
    survey = opened(hospital)

    closed(
        hospital,
        survey,
        outpatient={"satisfied": 6, "fairly": 3, "dissatisfied": 1, "unknown": 2},
        surgery={"dissatisfied": 9},
    )

    counts = {"satisfied": 6, "fairly": 3, "dissatisfied": 1, "unknown": 2}
    assert figures(survey) == {
        "普外科": [None, 9, 9, None],
        "门诊部": [None, 12, 12, counts],
    }
    assert now_in(survey).state == SurveyState.CLOSED


def test_nothing_of_the_boxes_is_left_after_the_count(hospital, django_capture_on_commit_callbacks):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)

    with django_capture_on_commit_callbacks(execute=True):
        closed(hospital, survey)

    election = Election.objects.get()
    assert (election.is_counted, election.recovery) == (True, None)
    assert not BoxShard.objects.exists()
    assert not BoardEntry.objects.exists()
    assert not keyring.is_there(election.pk)


def test_what_is_no_answer_came_back_and_is_not_valid(hospital):
    from ballots.actions import cast

    survey = opened(hospital)
    box = target_of(survey, hospital.outpatient).box
    put_in(survey, hospital.outpatient, satisfied=10)
    for sealed in (
        b"\x01\x05".ljust(16, b"\0"),
        b"\x09\x01".ljust(16, b"\0"),
        b"\x01".ljust(16, b"\0"),
    ):
        cast(box.pk, credential=sealed * 2, sealed=sealed, now=timezone.now())

    closed(hospital, survey)

    counts = {"satisfied": 10, "fairly": 0, "dissatisfied": 0, "unknown": 0}
    assert figures(survey)["门诊部"] == [None, 13, 10, counts]


def test_a_survey_does_not_close_before_its_time(hospital):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)

    with pytest.raises(ActionRefusedError, match="closes by itself"):
        actions.close_survey(survey, by=again(hospital.office))
    with pytest.raises(ActionRefusedError, match="closes by itself"):
        actions.close_survey(survey, by=SYSTEM, now=survey.closes_at - dt.timedelta(microseconds=1))

    assert now_in(survey).state == SurveyState.OPEN
    assert figures(survey) == {name: [None] * 4 for name in ("门诊部", "普外科")}
    put_in(survey, hospital.outpatient, fairly=1)


def test_closing_twice_counts_once(hospital):
    survey = opened(hospital)
    closed(hospital, survey, outpatient={"satisfied": 12})
    before = figures(survey)

    with pytest.raises(ActionRefusedError, match="is not possible here"):
        closed(hospital, survey)

    assert figures(survey) == before
    assert Event.objects.filter(action="evaluations.close_survey").count() == 1


def test_nothing_is_taken_after_the_count(hospital):
    survey = opened(hospital)
    closed(hospital, survey, outpatient={"satisfied": 12})

    with pytest.raises(NotTakenError, match="not_open"):
        put_in(survey, hospital.outpatient, dissatisfied=1)


def test_the_clock_closes_a_minute_after_the_end_and_only_then(hospital):
    over, running = opened(hospital), opened(hospital, closes_at=hours(48))
    end = over.closes_at

    assert actions.close_what_is_over(end + dt.timedelta(seconds=59), by=SYSTEM) == 0
    assert actions.close_what_is_over(end + dt.timedelta(seconds=60), by=SYSTEM) == 1
    assert actions.close_what_is_over(end + dt.timedelta(seconds=61), by=SYSTEM) == 0

    assert [now_in(one).state for one in (over, running)] == [SurveyState.CLOSED, SurveyState.OPEN]
    assert Event.objects.get(action="evaluations.close_survey").actor_id is None


def test_one_survey_that_cannot_be_counted_does_not_keep_the_others_open(hospital):
    broken, other = opened(hospital), opened(hospital)
    keyring.destroy(broken.election_id)
    Election.objects.filter(pk=broken.election_id).update(recovery=None)

    assert actions.close_what_is_over(after(other), by=SYSTEM) == 1

    assert now_in(broken).state == SurveyState.OPEN
    assert now_in(other).state == SurveyState.CLOSED


def test_a_key_that_a_restart_took_away_is_put_back(hospital):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)
    keyring.destroy(survey.election_id)
    with pytest.raises(NotTakenError, match="locked"):
        put_in(survey, hospital.outpatient, fairly=1)

    close_surveys()

    put_in(survey, hospital.outpatient, fairly=1)
    closed(hospital, survey)
    assert figures(survey)["门诊部"][1:3] == [13, 13]


def test_the_spare_of_a_key_opens_with_an_older_secret_and_with_no_other(hospital, settings):
    survey = opened(hospital)
    keyring.destroy(survey.election_id)
    kept = settings.SECRET_KEY
    settings.SECRET_KEY = "another-" * 8
    actions.look_after_keys()
    assert not keyring.is_there(survey.election_id)

    settings.SECRET_KEY_FALLBACKS = [kept]
    actions.look_after_keys()
    assert keyring.is_there(survey.election_id)


def test_a_close_that_was_killed_after_its_commit_is_finished(hospital):
    survey = opened(hospital)
    closed(hospital, survey, outpatient={"satisfied": 12})  # what follows the commit never ran
    assert keyring.is_there(survey.election_id)

    close_surveys()

    assert not keyring.is_there(survey.election_id)
    assert figures(survey)["门诊部"][1:3] == [12, 12]


def test_a_close_that_was_killed_before_its_commit_left_everything_and_is_taken_up_again(
    hospital,
):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)

    def killed(execute, sql, *rest):
        if sql.startswith('DELETE FROM "ballots_boxshard"'):
            raise KeyboardInterrupt
        return execute(sql, *rest)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(killed):
        closed(hospital, survey)
    assert now_in(survey).state == SurveyState.OPEN
    assert figures(survey)["门诊部"] == [None] * 4

    assert actions.close_what_is_over(after(survey), by=SYSTEM) == 1
    assert figures(survey)["门诊部"][1:3] == [12, 12]


def test_more_answers_than_there_was_room_for_make_the_box_larger(hospital):
    survey = opened(hospital, expected=10)
    box = target_of(survey, hospital.outpatient).box
    assert (box.shard_count, box.capacity) == (1, 16)

    put_in(survey, hospital.outpatient, satisfied=40)

    box.refresh_from_db()
    assert box.shard_count == 3
    closed(hospital, survey)
    assert figures(survey)["门诊部"][1] == 40


def test_codes_are_made_for_every_department_and_kept_nowhere(hospital):
    survey = opened(hospital, access=Access.ONE_TIME)

    made = actions.make_codes(survey, by=again(hospital.office), each=12)

    codes = [code for _target, found in made for code in found]
    assert [target.unit for target, _found in made] == [hospital.outpatient, hospital.surgery]
    assert len(set(codes)) == 24 == SlipCode.objects.count()
    hashes = {bytes(one.code_hash) for one in SlipCode.objects.all()}
    assert not [code for code in codes if code.encode() in hashes]
    trail = str(list(Event.objects.values_list("detail", "after", "reason")))
    assert not [code for code in codes if code in trail]


def test_codes_are_made_for_one_department_alone(hospital):
    survey = opened(hospital, access=Access.ONE_TIME)
    target = target_of(survey, hospital.surgery)

    [(made_for, codes)] = actions.make_codes(
        survey, by=again(hospital.office), each=200, target=target
    )

    assert (made_for, len(codes)) == (target, 200)
    assert set(SlipCode.objects.values_list("box", flat=True)) == {target.box_id}


def test_more_slips_than_there_was_room_for_are_all_taken(hospital):
    from ballots.actions import cast
    from ballots.actions.casting import code_hash
    from ballots.sealing import SurveyAnswer

    survey = opened(hospital, access=Access.ONE_TIME, expected=10, departments=[hospital.surgery])
    [(target, codes)] = actions.make_codes(survey, by=again(hospital.office), each=30)

    for code in codes:
        cast(
            target.box_id,
            credential=code_hash(code),
            sealed=SurveyAnswer(1).encode(),
            now=timezone.now(),
        )
    closed(hospital, survey)

    assert figures(survey)["普外科"][:3] == [30, 30, 30]


@pytest.mark.parametrize("each", [0, 101])
def test_how_many_codes_are_made_at_a_time_is_bounded(hospital, each):
    survey = opened(hospital, access=Access.ONE_TIME)

    with pytest.raises(ActionRefusedError, match="At most 200 slips at a time"):
        actions.make_codes(survey, by=again(hospital.office), each=each)

    assert not SlipCode.objects.exists()


def test_codes_are_refused_by_rule_by_state_and_for_an_open_link(hospital):
    planned, linked = a_survey(hospital, access=Access.ONE_TIME), opened(hospital)

    with pytest.raises(ActionRefusedError, match="the state is"):
        actions.make_codes(planned, by=again(hospital.office), each=5)
    with pytest.raises(ActionRefusedError, match="needs no codes"):
        actions.make_codes(linked, by=again(hospital.office), each=5)
    with pytest.raises(PermissionDenied):
        actions.make_codes(opened(hospital, planned), by=again(hospital.head), each=5)

    assert not SlipCode.objects.exists()


def test_how_many_were_asked_can_be_entered_until_it_is_published(hospital):
    survey = opened(hospital)
    asked = {target_of(survey, hospital.outpatient).pk: 80}
    actions.record_issued(survey, asked, by=again(hospital.office))
    assert figures(survey)["门诊部"][0] == 80

    survey = published(hospital, survey=survey)
    with pytest.raises(ActionRefusedError, match="the state is “published”"):
        actions.record_issued(survey, asked, by=again(hospital.office))

    with pytest.raises(ActionRefusedError, match="it is known how many were issued"):
        actions.record_issued(
            opened(hospital, access=Access.ONE_TIME), {}, by=again(hospital.office)
        )


def test_publishing_is_done_once_after_the_count(hospital):
    survey = opened(hospital)
    with pytest.raises(ActionRefusedError, match="is not possible here"):
        actions.publish_survey(survey, by=again(hospital.office))

    survey = published(hospital, survey=survey)

    assert survey.state == SurveyState.PUBLISHED
    assert survey.published_on == timezone.localdate()
    with pytest.raises(ActionRefusedError, match="is not possible here"):
        actions.publish_survey(survey, by=again(hospital.office))
    with pytest.raises(ActionRefusedError, match="is not possible here"):
        actions.cancel_survey(survey, by=again(hospital.office), reason="结果不好看")


def test_a_survey_that_was_counted_cannot_be_cancelled_for_its_figures(hospital):
    survey = opened(hospital)
    closed(hospital, survey, outpatient={"dissatisfied": 12})

    with pytest.raises(ActionRefusedError, match="is not possible here"):
        actions.cancel_survey(survey, by=again(hospital.office), reason="结果不好看")

    assert now_in(survey).state == SurveyState.CLOSED


def test_cancelling_destroys_what_was_answered_uncounted(
    hospital, django_capture_on_commit_callbacks
):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)

    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel_survey(survey, by=again(hospital.office), reason="选错了科室")

    assert now_in(survey).state == SurveyState.CANCELLED
    assert figures(survey) == {name: [None] * 4 for name in ("门诊部", "普外科")}
    assert not BoxShard.objects.exists()
    assert not keyring.is_there(survey.election_id)


def test_who_runs_it_sees_it_and_everybody_in_the_campaign_once_it_is_published(hospital):
    def readers(survey):
        return {
            name
            for name, person in hospital.people().items()
            if Survey.objects.visible_to(again(person)).filter(pk=survey.pk).exists()
        }

    runs = {"office", "office2", "discipline", "discipline2", "discipline_secretary"}
    survey = opened(hospital)
    assert readers(survey) == runs | {"secretary", "president"}

    published(hospital, survey=survey)
    assert readers(survey) == set(hospital.people()) - {"administrator", "stranger"}


def test_before_the_count_there_is_no_result_for_anybody(hospital):
    survey = opened(hospital)
    put_in(survey, hospital.outpatient, satisfied=12)

    assert queries.result_of(survey) is None
    assert queries.trend_of(survey) is None
