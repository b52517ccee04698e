"""The pages of exposure: what each says, and what it keeps when something was wrong."""

import re

import pytest
from django.urls import reverse

from rectification.models import LedgerItem
from supervision import actions, queries
from supervision.models import Candidate, ExposureCase, Verdict
from supervision.states import MeetingState
from tests.people import again
from tests.supervision.factories import (
    a_case,
    a_handling,
    a_letterhead,
    a_meeting,
    an_overdue_item,
    days,
    issued,
    submitted,
)

pytestmark = pytest.mark.django_db
NAMED = "抽血窗口只开两个，门诊护士不疏导。"


def address(page, meeting, **named):
    kept = {"campaign_pk": meeting.campaign_id, "number": meeting.number} | named
    return reverse(f"supervision:{page}", kwargs=kept)


def text_of(response):
    return re.sub(r"<[^>]+>", "", response.content.decode())


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def as_(client):
    """The browser of somebody, who is asked for afresh."""

    def browser(person):
        client.force_login(again(person))
        return client

    return browser


@pytest.fixture
def ready(hospital):
    """Issued, with a name in it."""
    a_letterhead(hospital)
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, facts=NAMED)
    return issued(hospital, actions.submit_report(meeting, by=again(hospital.office)))


def test_a_meeting_is_planned_with_what_is_proposed(as_, hospital):
    an_overdue_item(hospital)
    office = as_(hospital.office)
    plan = reverse("supervision:plan", args=[hospital.campaign.pk])
    proposed = {
        name: value
        for name, value in office.get(plan).context["form"].initial.items()
        if value is not None
    }

    sent = {**proposed, "place": "二楼会议室", "starts_at": "15:00", "red_days": 30}
    response = office.post(plan, sent, follow=True)

    [meeting] = hospital.campaign.exposure_meetings.all()
    assert response.redirect_chain[-1][0] == address("candidates", meeting)
    assert meeting.place == "二楼会议室"
    assert messages_of(response) == [
        "Meeting number 1 is planned. 1 candidates are proposed.",
    ]


def test_what_was_typed_wrong_comes_back_with_what_was_wrong(as_, hospital):
    plan = reverse("supervision:plan", args=[hospital.campaign.pk])
    sent = {
        "number": 1,
        "period_from": "2026-03-01",
        "period_to": "2026-02-01",
        "held_on": "2026-03-05",
        "starts_at": "15:00",
        "place": "二楼会议室",
        "red_days": 30,
    }

    response = as_(hospital.office).post(plan, sent)

    assert response.status_code == 422
    assert "The period would end before it begins." in text_of(response)
    assert 'value="二楼会议室"' in response.content.decode()
    assert not hospital.campaign.exposure_meetings.exists()


def test_candidates_are_decided_several_at_once_and_one_leads_to_its_case(as_, hospital):
    first, second, third = (an_overdue_item(hospital) for _ in range(3))
    meeting = a_meeting(hospital)
    of = {one.item_id: one.pk for one in meeting.candidates.all()}
    page = address("candidates", meeting)
    office = as_(hospital.office)

    both = {"pk": [of[first.pk], of[second.pk]], "decision": "leave_out", "reason": "正在整改"}
    office.post(page, both)
    taken = {"pk": [of[third.pk]], "decision": "take_in", "reason": "典型"}
    response = office.post(page, taken)

    assert dict(Candidate.objects.values_list("item", "verdict")) == {
        first.pk: Verdict.LEFT_OUT,
        second.pk: Verdict.LEFT_OUT,
        third.pk: Verdict.TAKEN_IN,
    }
    assert response.url == ExposureCase.objects.get().get_absolute_url()


def test_nothing_is_decided_without_a_reason_or_without_a_tick(as_, hospital):
    an_overdue_item(hospital)
    meeting = a_meeting(hospital)
    [candidate] = meeting.candidates.all()
    page, office = address("candidates", meeting), as_(hospital.office)

    without_reason = office.post(page, {"pk": [candidate.pk], "decision": "take_in"})
    without_tick = office.post(page, {"decision": "take_in", "reason": "典型"})

    assert (without_reason.status_code, without_tick.status_code) == (422, 422)
    assert "Tick at least one candidate." in text_of(without_tick)
    assert meeting.candidates.undecided().get() == candidate


def test_an_item_that_no_rule_proposes_is_taken_in_by_its_number(as_, hospital):
    meeting = a_meeting(hospital)
    item = an_overdue_item(hospital, by=1)
    page, office = address("take_in_item", meeting), as_(hospital.office)

    unknown = office.post(page, {"item": "999", "reason": "典型"})
    found = office.post(page, {"item": str(item.number), "reason": "典型"})

    assert unknown.status_code == 422
    assert "There is no item of this number in the ledger." in text_of(unknown)
    case = ExposureCase.objects.get()
    assert (found.url, case.item) == (case.get_absolute_url(), item)


def test_a_case_shows_what_others_read_beside_what_is_written(as_, hospital):
    meeting = a_meeting(hospital)
    case = a_case(hospital, meeting, concluded=False)
    page = address("case", meeting, pk=case.pk)
    office = as_(hospital.office)
    sent = {"title": "抽血排队", "facts": NAMED, "department": hospital.outpatient.pk}

    response = office.post(page, {**sent, "position": 0, "stay": "1"}, follow=True)

    assert response.redirect_chain[-1][0] == page
    assert '<mark class="masked">门某某某</mark>' in response.content.decode()
    assert NAMED in text_of(response)
    assert "Not in the report yet" in text_of(response)


def test_what_is_masked_in_the_report_is_pointed_out_to_those_who_write_it(as_, hospital):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting, facts=NAMED)

    page = as_(hospital.office).get(address("report", meeting))

    [masked] = page.context["reading"].masked
    assert NAMED in masked.was
    assert [part.text for part in masked.parts if part.is_masked] == ["门某某某"]
    assert "代拟稿" in page.content.decode()


def test_nobody_else_reads_a_name_in_the_issued_report(as_, hospital, ready):
    actions.distribute(ready, by=again(hospital.office), units=[hospital.outpatient])

    for person in (hospital.head, hospital.staff, hospital.supervisor):
        text = text_of(as_(person).get(ready.get_absolute_url()))
        assert "门某某某不疏导" in text
        assert NAMED not in text
        assert "代拟稿" not in text


def test_the_leader_approves_what_he_reads_and_no_other_report(as_, hospital):
    a_letterhead(hospital)
    meeting = submitted(hospital)
    page, secretary = address("approve", meeting), as_(hospital.secretary)
    form = secretary.get(page).context["form"]
    assert form.initial == {
        "number": 1,
        "issued_on": days(0),
        "fingerprint": queries.report_of(meeting).fingerprint,
    }
    LedgerItem.objects.update(text="别的")
    ExposureCase.objects.filter(meeting=meeting).update(facts="改过的事实。")

    response = secretary.post(page, {**form.initial, "opinion": "同意"})

    assert response.status_code == 422
    assert "The report has changed since you opened it. Read it again." in text_of(response)
    assert "同意" in response.content.decode()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.papers.count()) == (MeetingState.AWAITING_APPROVAL, 0)


def test_whoever_comes_too_late_is_told_what_became_of_it(as_, hospital, ready):
    office = as_(hospital.office)
    for page in ("edit", "texts", "add_good_example"):
        response = office.get(address(page, ready), follow=True)
        assert messages_of(response) == [
            "Nothing can be changed now: the state is “report issued”."
        ]
    assert as_(hospital.secretary).get(address("approve", ready)).url == ready.get_absolute_url()


def test_a_paper_is_the_stored_file_and_figures_about_people_stay_inside(as_, hospital, ready):
    actions.distribute(ready, by=again(hospital.office), units=[hospital.outpatient])
    stored = ready.papers.get()
    type(stored).objects.create(
        meeting=ready, kind="statistics", file_name="统计表.pdf", path=stored.path + "-", size=1
    )

    response = as_(hospital.head).get(address("paper", ready, kind="report"))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 report"
    assert response["Content-Type"] == "application/pdf"
    assert as_(hospital.head).get(address("paper", ready, kind="statistics")).status_code == 404
    assert as_(hospital.head2).get(address("paper", ready, kind="report")).status_code == 404


def test_departments_are_ticked_and_each_acknowledges_once(as_, hospital, ready):
    page = address("distribution", ready)
    nobody = as_(hospital.office).post(page, {})
    units = [hospital.outpatient.pk, hospital.surgery.pk]
    done = as_(hospital.office).post(page, {"units": units}, follow=True)
    sent = ready.distributions.get(unit=hospital.outpatient)
    there = address("acknowledge", ready, pk=sent.pk)

    first = as_(hospital.head).post(there, follow=True)
    second = as_(hospital.liaison).post(there, follow=True)

    assert nobody.status_code == 422
    assert messages_of(done) == [
        "The report is sent to 2 departments; each is asked to acknowledge it."
    ]
    assert messages_of(first) == [
        "门诊部 has acknowledged the report. The campaign office sees it."
    ]
    assert messages_of(second) == ["门诊部 has acknowledged the report already."]
    sent.refresh_from_db()
    assert sent.acknowledged_by == hospital.head


def pledging(*rows, **facts):
    given = {"pledges-TOTAL_FORMS": len(rows), "pledges-INITIAL_FORMS": 0, **facts}
    for at, (text, due_on) in enumerate(rows):
        given |= {f"pledges-{at}-text": text, f"pledges-{at}-due_on": due_on}
    return given


WHOLE = {"cause": "管理不严", "responsibility": "我负责", "pledge": "一个月内整改"}


def test_a_loose_pledge_is_flagged_and_tied_to_a_measure_by_the_office(as_, hospital, ready):
    case = ready.cases.get()
    page = address("criticism", ready, pk=case.pk)
    head = as_(hospital.head)
    sent = pledging(("增开窗口", days(20).isoformat()), ("开一次科务会", ""), submit="1", **WHOLE)

    response = head.post(page, sent, follow=True)

    assert response.context["loose"] == 1
    loose = case.criticism.pledges.get(text="开一次科务会")
    tied = case.criticism.pledges.get(text="增开窗口")
    assert (loose.is_loose, tied.is_loose) == (True, False)
    office = as_(hospital.office)
    there = address("link_pledge", ready, pk=case.pk, pledge_pk=loose.pk)
    assert messages_of(office.post(there, {"measure": tied.measure.pk}, follow=True)) == [
        "The pledge is now followed up in the ledger."
    ]
    assert office.get(page).context["loose"] == 0


def test_a_liaison_helps_to_write_but_the_head_hands_it_in(as_, hospital, ready):
    case = ready.cases.get()
    page = address("criticism", ready, pk=case.pk)
    liaison = as_(hospital.liaison)

    saved = liaison.post(page, pledging(save="1", **WHOLE), follow=True)
    assert 'name="submit"' not in saved.content.decode()
    refused = liaison.post(page, pledging(submit="1", **WHOLE))

    assert refused.status_code == 403
    assert (case.criticism.cause, case.criticism.state) == ("管理不严", "awaited")


def test_one_more_row_is_given_without_saving_anything(as_, hospital, ready):
    page = address("criticism", ready, pk=ready.cases.get().pk)

    response = as_(hospital.head).post(page, pledging(("增开窗口", ""), more="1", cause="未写完"))

    assert len(response.context["rows"].forms) == 2
    assert "未写完" in response.content.decode()
    assert ready.cases.get().criticism.cause == ""


def test_every_figure_opens_a_list_of_as_many_rows(as_, hospital):
    a_handling(hospital)
    a_handling(hospital, form="reminder_talk")
    a_handling(hospital, person=hospital.staff, decided_on=days(-90))
    meeting = a_meeting(hospital)
    an_overdue_item(hospital)
    secretary = as_(hospital.secretary)
    statistics = secretary.get(address("statistics", meeting)).context["statistics"]
    opened = [figure for figure in (*statistics.work, *statistics.people) if figure.url]

    rows = {
        figure.key: secretary.get(figure.url).context["page"].paginator.count for figure in opened
    }

    assert rows == {figure.key: int(figure.value) for figure in opened}
    assert (rows["times"], rows["people"]) == (2, 1)


def test_naming_is_approved_by_a_principal_for_what_is_final(as_, hospital):
    final = a_handling(hospital, final_on=days(0))
    open_ = a_handling(hospital, person=hospital.staff)
    campaign = hospital.campaign.pk

    def ask(person, handling, step, **given):
        there = reverse("supervision:handling_step", args=[campaign, handling.pk, step])
        return as_(person).post(there, given).status_code

    assert ask(hospital.office, final, "name", reason="影响恶劣") == 403
    assert ask(hospital.secretary, open_, "name", reason="影响恶劣") == 422
    assert ask(hospital.secretary, final, "name", reason="") == 422
    assert ask(hospital.secretary, final, "name", reason="影响恶劣") == 302
    final.refresh_from_db()
    open_.refresh_from_db()
    assert (final.may_be_named, open_.may_be_named) == (True, False)


def test_a_page_costs_the_same_for_one_case_or_four(as_, hospital, django_assert_max_num_queries):
    meeting = a_meeting(hospital)
    a_case(hospital, meeting)
    office = as_(hospital.office)
    pages = [address(page, meeting) for page in ("meeting", "report", "candidates", "distribution")]
    pages.append(reverse("supervision:list", args=[hospital.campaign.pk]))

    def costs():
        found = []
        for page in pages:
            with django_assert_max_num_queries(60) as captured:
                assert office.get(page).status_code == 200
            found.append(len(captured))
        return found

    office.get(pages[0])
    first = costs()
    for _ in range(3):
        a_case(hospital, meeting)
    an_overdue_item(hospital)

    assert costs() == first


def test_the_report_is_found_by_its_number_and_by_words_of_its_title(as_, hospital, ready):
    def found(person, words):
        page = as_(person).get(reverse("desk:search"), {"q": words})
        return [
            hit.url
            for group in page.context["found"]
            for hit in group.hits
            if "/exposure/" in hit.url
        ]

    assert found(hospital.office, ready.title[:8]) == [ready.get_absolute_url()]
    assert found(hospital.office, "1") == [ready.get_absolute_url()]
    assert found(hospital.office, "99") == []
    assert found(hospital.head2, ready.title[:8]) == []


def test_the_item_leads_to_the_report_for_those_who_may_read_it(as_, hospital, ready):
    actions.hold_meeting(ready, by=again(hospital.office), held_on=days(0))
    item = LedgerItem.objects.get(exposure_cases__meeting=ready)
    link = ready.get_absolute_url()

    reads = {
        who: link in as_(getattr(hospital, who)).get(item.get_absolute_url()).content.decode()
        for who in ("office", "secretary", "head", "vp", "supervisor")
    }

    assert reads == {
        "office": True,
        "secretary": True,
        "head": True,
        "vp": True,
        "supervisor": True,
    }
