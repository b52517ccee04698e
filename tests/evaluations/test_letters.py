"""What stands on the papers, and that each is drawn once and kept."""

import datetime as dt
import hashlib

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from campaign.models import DocumentNumber
from core.errors import ActionRefusedError
from evaluations.counting.ladder import Rung
from evaluations.documents.circular import circular_paper
from evaluations.documents.letter import drawn, issue
from evaluations.documents.talk import decision_paper
from evaluations.models import Consequence
from evaluations.queries import outcomes
from evaluations.states import ConsequenceState
from tests.evaluations.result_factories import (
    LOWER,
    MIDDLING,
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
from tests.people import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(hospital):
    a_letterhead(hospital)
    return subject_of(a_poor_round(hospital), hospital.head)


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(text.split())


def of_blocks(paper):
    """All words of a paper before it is drawn."""
    return "".join(str(block) for block in paper.body)


def kept(measure):
    with default_storage.open(measure.paper_path) as file:
        return file.read()


def test_the_letter_names_its_reader_its_basis_and_the_day_of_the_answer(subject, hospital):
    measure = carried_out(subject, hospital)

    text = text_of(kept(measure))

    due = measure.reply_due_on
    for said in (
        f"门诊部主任{hospital.head.name}同志：",
        "市一医函〔",
        "7号",
        subject.round.name,
        "请端正服务态度，规范窗口接待。",
        f"{due.year}年{due.month}月{due.day}日前书面回复",
        "市第一人民医院",
    ):
        assert said in text


def test_the_letter_has_no_count_of_votes_no_score_and_nobody_else(subject, hospital):
    measure = carried_out(subject, hospital)

    text = text_of(kept(measure))

    assert "票" not in text
    assert "分" not in text.replace("部分", "")
    others = {who.name for name, who in hospital.people().items() if name != "head"}
    assert {name for name in others if name in text} == set()


def test_the_letter_names_low_dimensions_as_far_as_they_were_published(hospital):
    a_letterhead(hospital)
    poor = (POOR, MIDDLING, MIDDLING, LOWER)
    round_ = a_published_round(hospital, {heads(hospital)[0]: poor})
    measure = decided(subject_of(round_, hospital.head), hospital)

    text = text_of(drawn(measure, an_execution(hospital), is_draft=True))

    assert "履职尽责、廉洁自律方面" in text
    assert "服务质量" not in text


def test_a_draft_says_so_and_has_neither_number_nor_day(subject, hospital):
    measure = decided(subject, hospital)

    text = text_of(drawn(measure, an_execution(hospital), is_draft=True))

    assert "代拟稿" in text
    assert "7号" not in text
    assert not DocumentNumber.objects.exists()
    assert Consequence.objects.get().state == ConsequenceState.DECIDED


def test_the_record_names_three_people_with_their_posts_and_where_they_sign(hospital):
    a_letterhead(hospital)
    first = subject_of(a_poor_round(hospital, days_ago=20), hospital.head)
    confirmed(first, hospital)
    last = subject_of(a_poor_round(hospital, days_ago=10), hospital.head)
    measure = carried_out(last, hospital)

    text = text_of(kept(measure))

    assert measure.rung == Rung.ADMONITION_TALK
    for said in (
        "诫勉谈话记录",
        hospital.head.name,
        hospital.discipline_secretary.name,
        hospital.discipline.name,
        "9:30",
        "小会议室",
        "连续第2次",
        "指出群众反映的服务态度问题",
        "谈话对象签名",
        "谈话人签名",
        "记录人签名",
    ):
        assert said in text
    assert "票" not in text


def test_the_paper_is_kept_with_its_hash_and_number(subject, hospital):
    measure = carried_out(subject, hospital)

    row = Consequence.objects.get(pk=measure.pk)
    assert row.paper_sha256 == hashlib.sha256(kept(row)).hexdigest()
    assert str(row.document_number).startswith("市一医函〔")
    assert row.document_number.subject == "工作提醒函"
    assert row.follow_up_on >= row.carried_out_on + dt.timedelta(days=180)


def test_a_number_that_was_given_leaves_everything_as_it_was(subject, hospital):
    carried_out(subject, hospital)
    second = subject_of(
        a_published_round(hospital, {heads(hospital)[1]: POOR}, days_ago=5), hospital.head2
    )
    measure = decided(second, hospital)
    before = set(default_storage.listdir("evaluations/measures")[1])

    with pytest.raises(ActionRefusedError, match="next free number is 8"):
        issue(measure, by=again(hospital.discipline), execution=an_execution(hospital))

    measure.refresh_from_db()
    assert (measure.state, measure.paper_path) == (ConsequenceState.DECIDED, "")
    assert set(default_storage.listdir("evaluations/measures")[1]) == before


def test_a_character_that_no_font_has_is_named_and_nothing_is_issued(subject, hospital):
    measure = decided(subject, hospital)
    execution = an_execution(hospital, text="请整改\U0001f9ff")

    with pytest.raises(ActionRefusedError, match="整改要求"):
        issue(measure, by=again(hospital.discipline), execution=execution)

    measure.refresh_from_db()
    assert measure.state == ConsequenceState.DECIDED
    assert not DocumentNumber.objects.exists()


def test_a_transfer_is_recorded_and_has_no_paper_of_ours(subject, hospital):
    measure = decided(subject, hospital, Rung.TRANSFER_OR_REMOVAL, reason="情节严重")

    done = issue(
        measure,
        by=again(hospital.discipline),
        execution=an_execution(hospital, Rung.TRANSFER_OR_REMOVAL, text="调任院办"),
    )

    assert (done.state, done.paper_path, done.reply_due_on) == (
        ConsequenceState.CARRIED_OUT,
        "",
        None,
    )


def test_the_decision_sheet_says_how_rounds_without_him_are_counted(hospital):
    subject = subject_of(a_poor_round(hospital, skips_break=True), hospital.head)
    confirmation = confirmed(subject, hospital)

    told = outcomes.outcome(subject, again(hospital.secretary))
    words = of_blocks(decision_paper(told, confirmation, None))

    assert "未参加的轮次中断连续次数" in words
    assert "发函提醒" in words


def test_the_circular_counts_grades_and_names_nobody(hospital):
    round_ = a_poor_round(hospital)
    comments(subject_of(round_, hospital.head), "窗口排队太久", "态度生硬", "推诿")

    told = outcomes.outcomes(round_, again(hospital.secretary))
    paper = circular_paper(round_, told)
    words = f"{paper.title}{of_blocks(paper)}"

    assert "共评议2人" in words
    assert {who.name for who in hospital.people().values() if who.name in words} == set()
    assert "窗口排队太久" not in words  # nobody has reviewed it


def test_an_answer_is_due_after_the_day_of_the_letter(subject, hospital):
    measure = decided(subject, hospital)
    today = timezone.localdate()

    with pytest.raises(ActionRefusedError, match="due after"):
        issue(
            measure,
            by=again(hospital.discipline),
            execution=an_execution(hospital, reply_due_on=today),
        )
