"""Comments: read by their reviewers alone, released together, and shown only where many wrote."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import Event
from ballots.models import Comment, Election
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.models import CommentReview
from evaluations.queries.comments import digest_of, words_for_leaders, words_for_the_head
from evaluations.queries.comments import is_released as released
from evaluations.states import RoundState
from tests.evaluations.result_factories import (
    GOOD,
    a_poor_round,
    a_published_round,
    comments,
    heads,
    subject_of,
)
from tests.people import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(hospital):
    return a_poor_round(hospital)


@pytest.fixture
def subject(round_, hospital):
    return subject_of(round_, hospital.head)


def review(comment, hospital, decision="publish", edited=""):
    by = again(hospital.discipline)
    return actions.review_comment(comment, by=by, decision=decision, edited=edited)


def list_page(round_):
    return reverse("results:comments", args=[round_.campaign_id, round_.number])


def fresh(round_):
    return type(round_).objects.select_related("election", "campaign").get(pk=round_.pk)


def words(found):
    return {one.text for one in found}


def test_the_discipline_office_and_named_reviewers_review_and_nobody_about_himself(
    hospital, round_, subject
):
    round_.comment_reviewers.add(hospital.staff, hospital.head)

    assert hospital.who_may("evaluations.review_comments", subject) == {
        "discipline",
        "discipline2",
        "discipline_secretary",
        "staff",
    }


def test_a_named_reviewer_who_was_evaluated_sees_nothing_about_himself(
    client, hospital, round_, subject
):
    round_.comment_reviewers.add(hospital.head)
    comments(subject, "关于门诊主任")
    comments(subject_of(round_, hospital.head2), "关于普外主任")
    client.force_login(again(hospital.head))

    body = client.get(list_page(round_)).content.decode()

    assert "关于普外主任" in body
    assert "关于门诊主任" not in body


def test_before_the_count_there_is_nothing_to_review(client, hospital):
    round_ = a_poor_round(hospital, state=RoundState.FROZEN)
    [comment] = comments(subject_of(round_, hospital.head), "早了")
    client.force_login(again(hospital.discipline))

    assert client.get(list_page(round_)).status_code == 404
    with pytest.raises(ActionRefusedError, match="after the count"):
        review(comment, hospital)
    assert not CommentReview.objects.exists()


def test_others_are_refused(client, hospital, round_, subject):
    [comment] = comments(subject, "排队太久")
    for name in ("secretary", "office", "head", "staff", "administrator"):
        with pytest.raises(PermissionDenied):
            actions.review_comment(comment, by=again(getattr(hospital, name)), decision="publish")
    client.force_login(again(hospital.office))

    assert client.get(list_page(round_)).status_code == 403
    assert not CommentReview.objects.exists()


def test_words_that_tell_the_writer_are_marked(client, hospital, round_, subject):
    comments(subject, "昨天夜班我在3床")
    client.force_login(again(hospital.discipline))

    body = client.get(list_page(round_)).content.decode()

    assert "<mark" in body
    assert "A shift tells who was on duty." in body


def test_a_decision_can_be_changed_until_the_release_and_then_stands(hospital, subject, round_):
    written = comments(subject, "一", "二", "三")
    for comment in written:
        review(comment, hospital, "withhold")
    review(written[0], hospital, "publish", edited="换一种说法")

    actions.release_comments(round_, by=again(hospital.discipline2))

    assert words(words_for_leaders(subject_of(fresh(round_), hospital.head))) == {"换一种说法"}
    with pytest.raises(ActionRefusedError, match="stay as they are"):
        review(written[1], hospital, "publish")


def test_nothing_is_released_while_one_is_not_decided_on(hospital, subject, round_):
    one, *_others = comments(subject, "一", "二", "三")
    review(one, hospital)

    with pytest.raises(ActionRefusedError, match="2 comments"):
        actions.release_comments(round_, by=again(hospital.discipline))

    assert not released(fresh(round_))
    assert words_for_the_head(subject_of(fresh(round_), hospital.head)) == []


def test_the_head_reads_what_is_meant_for_him_the_leadership_does_not(hospital, subject, round_):
    public, private, nobody = comments(subject, "公开", "本人", "不宜")
    for comment, decision in ((public, "publish"), (private, "person"), (nobody, "withhold")):
        review(comment, hospital, decision)
    actions.release_comments(round_, by=again(hospital.discipline))

    there = subject_of(fresh(round_), hospital.head)

    assert words(words_for_the_head(there)) == {"公开", "本人"}
    assert words(words_for_leaders(there)) == {"公开"}


def test_phrases_are_read_in_words_and_a_number_that_nobody_offered_is_none(
    client, hospital, subject, round_
):
    written = comments(subject, "一", "二", "三", chips=["推诿扯皮", "办事拖沓"])
    Comment.objects.filter(pk=written[0].pk).update(chips=[1, 222])
    client.force_login(hospital.discipline)

    reviewers = client.get(list_page(round_)).content.decode()
    for comment in written:
        review(comment, hospital)
    actions.release_comments(round_, by=again(hospital.discipline))

    there = fresh(round_)
    heads_own = words_for_the_head(subject_of(there, hospital.head))
    assert sorted(one.chips for one in heads_own) == [
        ("办事认真负责",),
        *[("推诿扯皮", "办事拖沓")] * 2,
    ]
    assert dict(digest_of(there).themes) == {"办事认真负责": 1, "推诿扯皮": 2, "办事拖沓": 2}
    assert [reviewers.count(one) for one in ("办事认真负责", "推诿扯皮", ">222<")] == [1, 2, 0]


def test_of_two_comments_none_is_shown_and_their_writers_learn_it(hospital, subject, round_):
    written = comments(subject, "一", "二", chips=["推诿扯皮"])
    for comment in written:
        review(comment, hospital)
    actions.release_comments(round_, by=again(hospital.discipline))

    there = fresh(round_)

    assert words_for_the_head(subject_of(there, hospital.head)) == []
    assert digest_of(there).words == ()
    assert digest_of(there).themes == ()
    assert set(json.loads(there.election.board)["comments"].values()) == {"few"}


def test_the_board_tells_each_writer_and_nobody_else(hospital, subject, round_):
    written = comments(subject, "公开的话", "本人看", "不公开")
    for comment, decision in zip(written, ("publish", "person", "withhold"), strict=True):
        review(comment, hospital, decision)
    before = json.loads(Election.objects.get(round=round_).board)

    actions.release_comments(round_, by=again(hospital.discipline))

    board = json.loads(Election.objects.get(round=round_).board)
    assert board.pop("comments") == {
        str(one.pk): decision
        for one, decision in zip(written, ("publish", "person", "withhold"), strict=True)
    }
    assert board == before


def test_themes_are_counted_only_where_the_hidden_ones_are_many(hospital):
    round_ = a_published_round(hospital, dict.fromkeys(heads(hospital), GOOD))
    many = comments(subject_of(round_, hospital.head), "一", "二", "三", chips=["办事认真负责"])
    few = comments(subject_of(round_, hospital.head2), "四", chips=["态度生硬"])
    for comment in (*many, *few):
        review(comment, hospital)
    actions.release_comments(round_, by=again(hospital.discipline))

    found = digest_of(fresh(round_))

    assert words(found.words) == {"一", "二", "三"}
    assert found.themes == ()  # beside those three, 态度生硬 would be the fourth's


def test_themes_of_the_whole_hospital_are_counted_where_none_can_be_told_apart(hospital):
    round_ = a_published_round(hospital, dict.fromkeys(heads(hospital), GOOD))
    for who in (hospital.head, hospital.head2):
        for comment in comments(subject_of(round_, who), "", "", chips=["办事认真负责"]):
            review(comment, hospital)
    actions.release_comments(round_, by=again(hospital.discipline))

    assert digest_of(fresh(round_)).themes == (("办事认真负责", 4),)


def test_the_trail_keeps_no_words_of_a_comment(hospital, subject, round_):
    for comment in comments(subject, "原来的话", "二", "三"):
        review(comment, hospital, edited="改过的话")

    told = json.dumps(list(Event.objects.values()), default=str, ensure_ascii=False)

    assert "原来的话" not in told
    assert "改过的话" not in told


def test_the_list_answers_a_press_with_what_is_left(client, hospital, subject, round_):
    one, _other = comments(subject, "第一条", "第二条")
    client.force_login(again(hospital.discipline))
    page = reverse("results:review", args=[round_.campaign_id, round_.number, one.pk])

    answer = client.post(page, {"decision": "withhold"}, headers={"HX-Request": "true"})

    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert "第二条" in body
    assert "第一条" not in body
    second_look = client.get(f"{list_page(round_)}?show=decided").content.decode()
    assert "第一条" in second_look


def test_a_press_without_a_decision_is_refused(client, hospital, subject, round_):
    [one] = comments(subject, "一条")
    client.force_login(again(hospital.discipline))
    page = reverse("results:review", args=[round_.campaign_id, round_.number, one.pk])

    answer = client.post(page, {"decision": "burn"})

    assert answer.status_code == 422
    assert not CommentReview.objects.exists()


def test_many_comments_cost_what_one_costs(
    client, hospital, subject, round_, django_assert_max_num_queries
):
    comments(subject, "一")
    client.force_login(again(hospital.discipline))
    with django_assert_max_num_queries(22):
        client.get(list_page(round_))
    comments(subject, "二", "三", "四")

    with django_assert_max_num_queries(22):
        client.get(list_page(round_))


def test_a_danger_to_patients_leads_to_the_register_without_the_words(
    client, hospital, subject, round_
):
    comments(subject, "药品过期")
    client.force_login(again(hospital.discipline))

    body = client.get(list_page(round_)).content.decode()

    assert f'href="{reverse("issues:register", args=[round_.campaign_id])}"' in body
