"""Who decides about a result, in which order, and what a head may say to his own."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from campaign.models import AppointmentRole
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.counting.ladder import Rung
from evaluations.counting.rules import Grade
from evaluations.documents.letter import issue
from evaluations.models import Appeal, Confirmation, Consequence, Publication, Round, Statement
from evaluations.queries import outcomes, waiting
from evaluations.states import AppealState, ConsequenceState, RoundState
from organisation.models import PostKind
from tests.campaign.factories import AppointmentFactory
from tests.evaluations.result_factories import (
    FAIR,
    GOOD,
    POOR,
    a_letterhead,
    a_poor_round,
    a_published_round,
    an_execution,
    carried_out,
    comments,
    confirmed,
    decided,
    heads,
    subject_of,
)
from tests.organisation.factories import holder
from tests.people import again

pytestmark = pytest.mark.django_db
READERS = {"secretary", "president", "discipline_secretary", "discipline", "discipline2"}


@pytest.fixture
def subject(hospital):
    a_letterhead(hospital)
    return subject_of(a_poor_round(hospital), hospital.head)


def page(subject, name):
    round_ = subject.round
    return reverse(f"results:{name}", args=[round_.campaign_id, round_.number, subject.pk])


def test_a_result_is_read_by_the_leadership_and_by_its_head(hospital, subject):
    reads = {
        name
        for name, who in hospital.people().items()
        if Publication.objects.visible_to(again(who)).filter(subject=subject).exists()
    }

    assert reads == READERS | {"head"}


def test_before_it_is_published_nobody_reads_it(hospital):
    round_ = a_poor_round(hospital, state=RoundState.COUNTED)

    for who in hospital.people().values():
        assert not Publication.objects.visible_to(again(who)).filter(subject__round=round_).exists()


def test_a_vice_president_reads_grades_only_in_the_leading_group(hospital, subject):
    assert not Publication.objects.visible_to(again(hospital.vp)).exists()
    AppointmentFactory(
        campaign=hospital.campaign, person=hospital.vp, role=AppointmentRole.LEADING_MEMBER
    )

    assert Publication.objects.visible_to(again(hospital.vp)).count() == 2


@pytest.mark.parametrize("sql", ["UPDATE evaluations_publication SET grade = 'good'"])
def test_the_database_refuses_to_alter_a_result(subject, sql):
    from django.db import connection

    for statement in (sql, "DELETE FROM evaluations_publication"):
        with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
            connection.cursor().execute(statement)

    assert Publication.objects.get(subject=subject).grade == Grade.POOR


def test_only_a_principal_confirms(hospital, subject):
    assert hospital.who_may("evaluations.confirm_grade", subject) == {"secretary", "president"}
    for name in ("discipline", "office", "vp", "head", "administrator"):
        with pytest.raises(PermissionDenied):
            actions.confirm_grade(
                subject,
                by=again(getattr(hospital, name)),
                is_confirmed=True,
                reason="属实",
                decided_on=timezone.localdate(),
            )

    assert not Confirmation.objects.exists()


def test_a_principal_does_not_decide_about_himself(hospital):
    round_ = a_published_round(hospital, {(hospital.secretary, hospital.outpatient): POOR})
    subject = subject_of(round_, hospital.secretary)

    assert hospital.who_may("evaluations.confirm_grade", subject) == {"president"}
    with pytest.raises(PermissionDenied):
        confirmed(subject, hospital)


def test_a_confirmation_needs_a_reason_and_a_day_that_has_come(hospital, subject):
    facts = {"by": again(hospital.secretary), "is_confirmed": True}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    for reason, day in (("  ", timezone.localdate()), ("属实", tomorrow)):
        with pytest.raises(ActionRefusedError):
            actions.confirm_grade(subject, reason=reason, decided_on=day, **facts)

    assert not Confirmation.objects.exists()
    assert not Event.objects.filter(action="evaluations.confirm_grade").exists()


def test_only_poor_is_confirmed_and_only_once(hospital, subject):
    good = subject_of(subject.round, hospital.head2)
    with pytest.raises(ActionRefusedError, match="Only the grade"):
        confirmed(good, hospital)
    confirmed(subject, hospital)

    with pytest.raises(ActionRefusedError, match="already"):
        confirmed(subject, hospital)


def test_nothing_follows_from_a_grade_that_was_not_confirmed(hospital, subject):
    confirmation = confirmed(subject, hospital, is_confirmed=False)

    with pytest.raises(ActionRefusedError, match="nothing follows"):
        actions.decide_consequence(
            confirmation,
            by=again(hospital.secretary),
            rung=Rung.REMINDER_LETTER,
            reason="提醒",
            decided_on=timezone.localdate(),
        )

    assert not Consequence.objects.exists()


def test_another_measure_than_proposed_must_say_why(hospital, subject):
    with pytest.raises(ActionRefusedError, match="differs from what is proposed"):
        decided(subject, hospital, Rung.ADMONITION_TALK, reason=" ")

    confirmation = Confirmation.objects.get()
    measure = actions.decide_consequence(
        confirmation,
        by=again(hospital.president),
        rung=Rung.ADMONITION_TALK,
        reason="影响恶劣",
        decided_on=timezone.localdate(),
    )
    assert (confirmation.proposed, measure.rung) == (Rung.REMINDER_LETTER, Rung.ADMONITION_TALK)


def test_no_measure_closes_the_matter(hospital, subject):
    measure = decided(subject, hospital, Rung.NONE, reason="已主动整改")

    assert measure.state == ConsequenceState.CLOSED


def test_the_discipline_office_carries_out_what_was_decided(hospital, subject):
    measure = decided(subject, hospital)

    who = hospital.who_may("evaluations.carry_out", measure)
    assert who == {
        "secretary",
        "president",
        "discipline_secretary",
        "discipline",
        "discipline2",
    }
    with pytest.raises(PermissionDenied):
        issue(measure, by=again(hospital.office), execution=an_execution(hospital))
    measure.refresh_from_db()
    assert measure.state == ConsequenceState.DECIDED


def test_who_is_spoken_with_speaks_and_writes_are_three_people(hospital, subject):
    measure = decided(subject, hospital, Rung.ADMONITION_TALK, reason="情节较重")
    given = an_execution(hospital, Rung.ADMONITION_TALK)
    talk = actions.Talk(
        interviewer=hospital.head,
        recorder=hospital.discipline,
        place="会议室",
        starts_at=dt.time(9),
        content="谈话",
    )

    with pytest.raises(ActionRefusedError, match="three people"):
        issue(
            measure,
            by=again(hospital.discipline),
            execution=actions.Execution(
                on=given.on, text=given.text, reply_due_on=given.reply_due_on, talk=talk
            ),
        )


def test_the_head_learns_of_a_measure_when_it_was_carried_out(hospital, subject):
    measure = decided(subject, hospital)
    seen = Consequence.objects.visible_to(again(hospital.head))
    assert not seen.exists()

    issue(measure, by=again(hospital.discipline), execution=an_execution(hospital))

    assert seen.get() == measure
    visible = {
        name
        for name, who in hospital.people().items()
        if Consequence.objects.visible_to(again(who)).exists()
    }
    assert visible == READERS | {"head"}


def test_from_the_letter_over_the_answer_to_the_follow_up(hospital, subject):
    measure = carried_out(subject, hospital)

    answered = actions.answer_consequence(measure, by=again(hospital.head), text="已整改")
    closed = actions.follow_up(measure, by=again(hospital.discipline), found="整改到位")

    assert (answered.state, closed.state) == (ConsequenceState.ANSWERED, ConsequenceState.CLOSED)
    assert closed.replied_on == timezone.localdate()
    with pytest.raises(ActionRefusedError, match="not possible here"):
        actions.withdraw_consequence(measure, by=again(hospital.secretary), reason="改判")


def test_nobody_else_answers_for_the_head(hospital, subject):
    measure = carried_out(subject, hospital)

    assert hospital.who_may("evaluations.answer_consequence", measure) == {"head"}


def test_his_view_can_be_reworded_until_the_committee_decides(hospital, subject):
    head = again(hospital.head)
    actions.state_views(subject, by=head, text="第一稿")
    actions.state_views(subject, by=head, text="第二稿")
    confirmed(subject, hospital)

    with pytest.raises(ActionRefusedError, match="has decided"):
        actions.state_views(subject, by=head, text="第三稿")

    assert Statement.objects.get().text == "第二稿"
    with pytest.raises(PermissionDenied):
        actions.state_views(subject, by=again(hospital.head2), text="别人的")


@pytest.mark.parametrize(("days_ago", "is_in_time"), [(30, True), (31, False)])
def test_an_appeal_comes_within_thirty_days_of_the_publication(hospital, days_ago, is_in_time):
    subject = subject_of(a_poor_round(hospital, days_ago=days_ago), hospital.head)

    if is_in_time:
        actions.file_appeal(subject, by=again(hospital.head), text="请复核")
    else:
        with pytest.raises(ActionRefusedError, match="over"):
            actions.file_appeal(subject, by=again(hospital.head), text="请复核")

    assert Appeal.objects.exists() is is_in_time


def test_the_confirmation_opens_the_time_for_appeals_again(hospital):
    subject = subject_of(a_poor_round(hospital, days_ago=60), hospital.head)
    confirmed(subject, hospital)

    appeal = actions.file_appeal(subject, by=again(hospital.head), text="请复核")

    with pytest.raises(ActionRefusedError, match="appealed already"):
        actions.file_appeal(subject, by=again(hospital.head), text="再次")
    assert hospital.who_may("evaluations.judge_appeal", appeal) == {"secretary", "president"}


def test_an_appeal_upheld_takes_confirmation_and_measure_back(hospital, subject):
    measure = carried_out(subject, hospital)
    appeal = actions.file_appeal(subject, by=again(hospital.head), text="请复核")

    judged = actions.judge_appeal(
        appeal, by=again(hospital.president), is_upheld=True, answer="复核属实"
    )

    measure.refresh_from_db()
    confirmation = Confirmation.objects.get()
    assert (judged.state, measure.state) == (AppealState.UPHELD, ConsequenceState.WITHDRAWN)
    assert (confirmation.is_confirmed, confirmation.consecutive) == (False, 0)
    assert Publication.objects.get(subject=subject).grade == Grade.POOR


def test_an_appeal_rejected_changes_nothing_else(hospital, subject):
    measure = carried_out(subject, hospital)
    appeal = actions.file_appeal(subject, by=again(hospital.head), text="请复核")

    actions.judge_appeal(appeal, by=again(hospital.president), is_upheld=False, answer="无误")

    measure.refresh_from_db()
    assert measure.state == ConsequenceState.CARRIED_OUT
    assert Confirmation.objects.get().is_confirmed


def test_the_trail_names_no_measure_in_what_an_event_is_about(hospital, subject):
    carried_out(subject, hospital)

    labels = set(Event.objects.values_list("subject_label", flat=True))

    assert not [label for label in labels if "letter" in label or "提醒" in label]
    campaigns = Event.objects.filter(subject_type="campaign.campaign")
    told = json.dumps(list(campaigns.values("before", "after", "detail", "reason")), default=str)
    assert "poor" not in told


# Pages


def test_each_page_shows_the_leadership_everybody_in_the_order_of_the_roll(client, hospital):
    first, second = heads(hospital)
    a_published_round(hospital, {first: FAIR, second: GOOD}, days_ago=40)
    round_ = a_poor_round(hospital)
    client.force_login(again(hospital.secretary))

    body = client.get(
        reverse("results:round", args=[round_.campaign_id, round_.number])
    ).content.decode()

    assert body.index(hospital.head.name) < body.index(hospital.head2.name)
    assert "to be decided on" in body


def test_a_list_of_many_heads_costs_what_one_costs(hospital, django_assert_num_queries):
    one = a_published_round(hospital, {heads(hospital)[0]: POOR}, days_ago=20)
    many = a_published_round(
        hospital,
        {
            (who, hospital.surgery): GOOD
            for who in (hospital.head2, hospital.staff2, hospital.deputy)
        },
    )
    reader = again(hospital.secretary)
    outcomes.outcomes(one, reader)

    for made in (one, many):
        round_ = Round.objects.select_related("campaign").get(pk=made.pk)
        with django_assert_num_queries(2):
            outcomes.outcomes(round_, reader)


def test_the_confirmation_page_shows_what_to_weigh(client, hospital, subject):
    actions.state_views(subject, by=again(hospital.head), text="人手不足")
    client.force_login(again(hospital.secretary))

    body = client.get(page(subject, "confirm")).content.decode()

    for words in ("人手不足", "points under the line", "In a row, if confirmed", "reminder letter"):
        assert words in body


def test_a_form_that_is_refused_keeps_what_was_typed(client, hospital, subject):
    client.force_login(again(hospital.secretary))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    answer = client.post(
        page(subject, "confirm"), {"decision": "yes", "reason": "群众意见", "decided_on": tomorrow}
    )

    assert answer.status_code == 422
    assert "群众意见" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_the_discipline_office_issues_the_letter_on_its_page(client, hospital, subject):
    decided(subject, hospital)
    client.force_login(again(hospital.discipline))
    today = timezone.localdate()
    sent = {
        "number": 3,
        "on": today,
        "text": "请整改",
        "reply_due_on": today + dt.timedelta(days=14),
        "effect_months": 6,
    }

    draft = client.post(page(subject, "draft"), sent)
    issued = client.post(page(subject, "carry_out"), sent)

    assert draft.headers["Content-Type"] == "application/pdf"
    assert issued.status_code == 302
    assert str(Consequence.objects.get().document_number).endswith("3号")
    client.force_login(again(hospital.head))
    paper = client.get(page(subject, "paper"))
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    paper.close()


def test_his_own_page_says_nothing_of_what_is_only_decided(client, hospital, subject):
    decided(subject, hospital, reason="内部考虑")
    client.force_login(again(hospital.head))

    body = client.get(page(subject, "own")).content.decode()

    assert "内部考虑" not in body
    assert "reminder letter" not in body


def test_a_reader_who_was_evaluated_himself_reads_his_own_page(client, hospital):
    round_ = a_published_round(hospital, {(hospital.discipline, hospital.discipline_office): POOR})
    subject = subject_of(round_, hospital.discipline)
    decided(subject, hospital, reason="内部考虑")
    client.force_login(again(hospital.discipline))

    answer = client.get(page(subject, "head"))

    assert answer.url == page(subject, "own")
    assert client.get(page(subject, "sheet")).status_code == 404
    assert client.get(page(subject, "carry_out")).status_code in {403, 404}


# Duties


def duties_of(person):
    day = timezone.localdate()
    return {duty.key: n for duty in waiting.DUTIES if (n := duty.of(again(person), day).count())}


def test_what_waits_for_whom_after_an_evaluation(hospital, subject):
    comments(subject, "一", "二", "三")
    assert duties_of(hospital.secretary) == {"confirm_grade": 1}
    assert duties_of(hospital.discipline) == {"review_comments": 3}

    confirmation = confirmed(subject, hospital)
    assert duties_of(hospital.president) == {"decide_consequence": 1}
    measure = actions.decide_consequence(
        confirmation,
        by=again(hospital.secretary),
        rung=Rung.REMINDER_LETTER,
        reason="按规定",
        decided_on=timezone.localdate(),
    )
    assert duties_of(hospital.discipline)["carry_out"] == 1
    assert duties_of(hospital.head) == {}

    issue(measure, by=again(hospital.discipline), execution=an_execution(hospital))
    actions.file_appeal(subject, by=again(hospital.head), text="请复核")
    assert duties_of(hospital.head) == {"answer_consequence": 1}
    assert duties_of(hospital.secretary) == {"judge_appeal": 1}
    Consequence.objects.update(reply_due_on=timezone.localdate() - dt.timedelta(days=1))
    assert duties_of(hospital.discipline)["chase_answer"] == 1
    Consequence.objects.update(follow_up_on=timezone.localdate())
    assert duties_of(hospital.discipline)["follow_up"] == 1
    for nobody in (hospital.office, hospital.vp, hospital.staff, hospital.administrator):
        assert duties_of(nobody) == {}


def test_nobody_is_asked_to_decide_about_himself(hospital):
    a_published_round(hospital, {(hospital.secretary, hospital.outpatient): POOR})

    assert duties_of(hospital.secretary) == {}
    assert duties_of(hospital.president) == {"confirm_grade": 1}


def test_messages_count_what_their_lines_say_and_name_nobody(hospital, subject):
    comments(subject, "一", "二", "三")
    carried_out(subject, hospital)
    round_ = subject.round
    round_.comment_reviewers.add(hospital.staff, hospital.discipline)
    day = timezone.localdate()

    counted = waiting.people(day)

    for who in hospital.people().values():
        groups = list(waiting.lines(again(who), day, most=9))
        total = sum(group.total for group in groups)
        assert counted.get(who.pk, {}).get(hospital.campaign.pk, 0) == total
        written = [
            f"{group.label} {line.title} {line.note}" for group in groups for line in group.lines
        ]
        for text in written:
            assert not [one for one in hospital.people().values() if one.name in text]
            assert "poor" not in text
    assert hospital.staff.pk in counted


def test_everybodys_counts_cost_the_same_for_one_head_or_three(
    hospital, django_assert_max_num_queries
):
    a_poor_round(hospital, days_ago=20)
    day = timezone.localdate()
    with django_assert_max_num_queries(18):
        waiting.people(day)
    a_published_round(
        hospital, {(who, hospital.surgery): POOR for who in (hospital.head2, hospital.staff2)}
    )

    with django_assert_max_num_queries(18):
        waiting.people(day)


def test_the_home_of_a_principal_leads_to_the_decision(client, hospital, subject):
    client.force_login(again(hospital.secretary))

    body = client.get(reverse("desk:campaign_home", args=[hospital.campaign.pk])).content.decode()

    assert page(subject, "confirm") in body
    assert hospital.head.name not in body


def test_a_new_discipline_officer_reads_what_his_post_gives_him(hospital, subject):
    new = holder(PostKind.DISCIPLINE_OFFICE, hospital.unit)

    assert Publication.objects.visible_to(again(new)).filter(subject=subject).exists()
