"""Progress, measures and evidence: what a department does, and what it cannot take back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import trail
from core.errors import ActionRefusedError
from rectification import actions
from rectification.models import Evidence, EvidenceOpening
from rectification.states import State
from tests.core.test_files import picture
from tests.people import again
from tests.rectification.factories import EvidenceFactory, an_item

pytestmark = pytest.mark.django_db


def pdf(name="报告.pdf", text=b""):
    return ContentFile(b"%PDF-1.7 " + text, name=name)


def stored_files():
    try:
        _folders, found = default_storage.listdir(f"evidence/{timezone.localdate():%Y/%m}")
    except FileNotFoundError:
        return set()
    return set(found)


def add(item, who, *uploads, **facts):
    given = {"kind": Evidence.Kind.EFFECT, "caption": "改造后", **facts}
    return actions.add_evidence(item, by=who, uploads=list(uploads) or [pdf()], **given)


def test_progress_is_a_dated_note_with_its_text_in_the_trail(hospital):
    item = an_item(hospital)

    update = actions.report_progress(
        item, by=hospital.liaison, text=" 已开两个窗口\r\n第三个在装修 "
    )

    assert (update.text, update.by) == ("已开两个窗口\n第三个在装修", hospital.liaison)
    assert trail.of(item).last().reason == update.text


def test_a_measure_is_carried_out_on_a_day_that_has_come(hospital):
    item = an_item(hospital)
    measure = item.measures.first()
    today = timezone.localdate()

    with pytest.raises(ActionRefusedError, match="in the future"):
        actions.complete_measure(measure, by=hospital.head, done_on=today + dt.timedelta(days=1))
    measure = actions.complete_measure(measure, by=hospital.head, done_on=today)

    assert measure.done_on == today


@pytest.mark.parametrize("state", [s for s in State if s not in {"rectifying", "continuing"}])
def test_nothing_is_added_while_others_judge_or_before_it_is_claimed(hospital, state):
    item = an_item(hospital, **{state: True})
    before = stored_files()

    for act in (
        lambda: actions.report_progress(item, by=hospital.liaison, text="补记"),
        lambda: add(item, hospital.liaison),
        lambda: actions.complete_measure(
            item.measures.first(), by=hospital.liaison, done_on=timezone.localdate()
        ),
    ):
        with pytest.raises(ActionRefusedError, match="Nothing can be added now"):
            act()

    assert (item.progress.count(), item.evidence.count()) == (0, 0)
    assert stored_files() == before


def test_evidence_keeps_what_it_is_when_it_came_and_when_it_is_said_to_be_taken(hospital):
    item = an_item(hospital)
    taken = timezone.localdate() - dt.timedelta(days=2)

    [evidence] = add(
        item, hospital.liaison, ContentFile(picture(), name="候诊区.HEIC"), taken_on=taken
    )

    assert (evidence.content_type, evidence.taken_on, len(evidence.sha256)) == (
        "image/jpeg",
        taken,
        64,
    )
    assert abs(timezone.now() - evidence.received_at) < dt.timedelta(minutes=1)
    assert evidence.shown_path != evidence.path
    event = trail.of(evidence).get()
    assert (event.action, event.after["sha256"]) == (
        "rectification.add_evidence",
        evidence.sha256,
    )


def test_of_several_files_all_are_taken_or_none(hospital):
    item = an_item(hospital)
    before = stored_files()

    with pytest.raises(ActionRefusedError, match=r"坏\.doc: This is a document of an old format"):
        add(
            item,
            hospital.liaison,
            pdf(),
            ContentFile(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name="坏.doc"),
        )

    assert not item.evidence.exists()
    assert stored_files() == before


def test_the_same_file_is_not_taken_twice_for_one_item(hospital):
    item = an_item(hospital)
    add(item, hospital.liaison, pdf())
    before = stored_files()

    with pytest.raises(ActionRefusedError, match="already evidence of this item"):
        add(item, hospital.liaison, pdf("改名.pdf"))
    with pytest.raises(ActionRefusedError, match="already evidence of this item"):
        add(item, hospital.liaison, pdf(text=b"1"), pdf(text=b"1"))

    assert item.evidence.count() == 1
    assert stored_files() == before


def test_evidence_taken_back_while_nobody_judges_it_stays_listed(hospital):
    item = an_item(hospital)
    evidence = EvidenceFactory(item=item)

    with pytest.raises(ActionRefusedError, match="Say why"):
        actions.withdraw_evidence(evidence, by=hospital.liaison, reason="")
    actions.withdraw_evidence(evidence, by=hospital.liaison, reason="传错了")

    assert [e.withdrawn_by for e in item.evidence.all()] == [hospital.liaison]
    assert not item.evidence.standing().exists()
    assert trail.of(evidence).last().reason == "传错了"
    with pytest.raises(ActionRefusedError, match="already"):
        actions.withdraw_evidence(evidence, by=hospital.liaison, reason="再撤")


def test_evidence_under_review_is_not_taken_back(hospital):
    evidence = EvidenceFactory(item=an_item(hospital, checked=True))

    with pytest.raises(ActionRefusedError, match="Nothing can be added now"):
        actions.withdraw_evidence(evidence, by=hospital.liaison, reason="传错了")

    evidence.refresh_from_db()
    assert evidence.withdrawn_at is None


def test_each_opening_is_recorded_with_who_and_when(hospital):
    evidence = EvidenceFactory(item=an_item(hospital, checked=True))

    actions.open_evidence(evidence, by=hospital.office)
    actions.open_evidence(evidence, by=hospital.office)

    assert EvidenceOpening.objects.filter(evidence=evidence, person=hospital.office).count() == 2
    assert {e.action for e in trail.of(evidence)} == {"rectification.open_evidence"}


def test_only_those_who_see_the_item_open_its_evidence_and_the_bureau_does_not(hospital):
    item = an_item(hospital, checked=True)
    evidence = EvidenceFactory(item=item)
    readers = set()
    for name, who in hospital.people().items():
        try:
            with transaction.atomic():
                actions.open_evidence(evidence, by=again(who))
            readers.add(name)
        except PermissionDenied:
            continue

    assert readers == hospital.who_may("rectification.view_item", item) - {"supervisor"}


def test_only_those_who_do_the_work_add_to_it(hospital):
    item = an_item(hospital, assignee=hospital.staff)
    doers = set()
    for name, who in hospital.people().items():
        try:
            with transaction.atomic():
                actions.report_progress(item, by=again(who), text="进展")
                add(item, again(who), pdf(text=name.encode()))
            doers.add(name)
        except PermissionDenied:
            continue

    assert doers == {"head", "deputy", "liaison", "staff"}


def test_the_database_refuses_evidence_withdrawn_by_nobody(hospital):
    evidence = EvidenceFactory(item=an_item(hospital))

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(withdrawn_at=timezone.now())


def test_evidence_on_which_a_sign_off_rests_stays_and_what_came_after_may_be_withdrawn(hospital):
    item = an_item(hospital, continuing=True)
    before, after = EvidenceFactory.create_batch(2, item=item)
    an_hour = dt.timedelta(hours=1)
    Evidence.objects.filter(pk=before.pk).update(received_at=timezone.now() - an_hour)

    with pytest.raises(ActionRefusedError, match="rests on this evidence"):
        actions.withdraw_evidence(before, by=hospital.liaison, reason="传错了")
    actions.withdraw_evidence(after, by=hospital.liaison, reason="传错了")

    assert set(item.evidence.standing()) == {before}
