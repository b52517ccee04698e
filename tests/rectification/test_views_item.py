"""One item's page and its steps: what is offered can be done, what is refused says why."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.workflow import steps_open_to
from issues.models import Source
from rectification import actions, queries
from rectification.forms import FORMS
from rectification.models import NO_LET_GO, Attempt, EvidenceOpening, LedgerItem
from rectification.states import STEPS, State
from tests.core.test_files import picture
from tests.people import again
from tests.rectification.factories import (
    AttemptFactory,
    EvidenceFactory,
    ProgressUpdateFactory,
    an_item,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def at(name, item, *more):
    return reverse(f"rectification:{name}", args=[item.campaign_id, item.number, *more])


def close(response):
    """Its files alone: ``response.close`` would also end the connection to the database."""
    for closer in response._resource_closers:
        closer()


def now(item):
    return LedgerItem.objects.get(pk=item.pk)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_opens_for_exactly_those_who_see_the_item(client, hospital):
    item = an_item(hospital, checked=True)
    opened = set()
    for name, who in hospital.people().items():
        client.force_login(again(who))
        status = client.get(at("detail", item)).status_code
        assert status in {200, 403, 404}
        if status == 200:
            opened.add(name)

    assert opened == hospital.who_may("rectification.view_item", item)


@pytest.mark.parametrize("state", State.values)
def test_every_button_leads_to_a_form_and_every_other_step_is_refused(client, hospital, state):
    item = an_item(hospital, **{state: True})
    for who in ("office", "vp", "head", "liaison", "discipline"):
        person = again(hospital.people()[who])
        client.force_login(person)
        page = client.get(at("detail", item)).content.decode()
        offered = {step.name for step in steps_open_to(now(item), STEPS, person)} & set(FORMS)

        linked = set(re.findall(r"/steps/(\w+)/", page))
        assert linked == offered - {"end_notice"}, "the notice still runs"
        for step in FORMS:
            status = client.get(at("take_step", item, step)).status_code
            assert (status == 200) is (step in offered), (who, step)


def test_the_end_of_a_notice_is_offered_when_its_days_are_over_and_no_objection_is_open(
    client, hospital
):
    item = an_item(hospital, on_notice=True)
    url = at("take_step", item, "end_notice")
    client.force_login(again(hospital.office))

    def is_offered():
        return url in client.get(at("detail", item)).content.decode()

    assert not is_offered()
    objection = actions.object_to_notice(item, by=hospital.staff, text="仍未解决")
    Attempt.objects.update(notice_until=timezone.localdate() - dt.timedelta(days=1))
    assert not is_offered()
    actions.decide_notice_objection(objection, by=hospital.office, upheld=False, answer="已解决")
    assert is_offered()


def test_there_is_no_step_of_that_name(client, hospital):
    client.force_login(hospital.office)

    assert client.get(at("take_step", an_item(hospital), "reopen")).status_code == 404


def test_the_main_job_by_its_pages_from_the_plan_to_the_end_of_the_notice(client, hospital):
    item = an_item(
        hospital,
        drafting=True,
        source=Source.REPORT,
        rectification_class="",
        target="",
        due_on=None,
    )
    today = timezone.localdate()

    def does(who, name, data, *more):
        client.force_login(again(who))
        response = client.post(at(name, item, *more), data, follow=True)
        assert response.status_code == 200, response.context["form"].errors
        return messages_of(response)[-1]

    said = does(
        hospital.office,
        "plan",
        {
            "text": item.text,
            "rectification_class": "phased",
            "target": "候诊不超过三十分钟",
            "responsible_leader": hospital.vp.pk,
            "lead_department": hospital.outpatient.pk,
            "responsible_departments": [hospital.surgery.pk],
            "due_on": (today + dt.timedelta(days=20)).isoformat(),
            "measures-TOTAL_FORMS": 2,
            "measures-INITIAL_FORMS": 0,
            "measures-0-text": "增开窗口",
            "measures-0-due_on": (today + dt.timedelta(days=9)).isoformat(),
            "measures-1-text": "",
            "submit": "1",
        },
    )
    assert said.endswith("Now with 副院长甲: approve the plan or return it.")
    said = does(hospital.vp, "take_step", {"opinion": "同意"}, "approve_plan")
    assert said.endswith("Now with 门诊部: claim the item or object.")
    said = does(hospital.head, "take_step", {"assignee": hospital.staff.pk}, "claim")
    assert "Now with 门诊部、普外科 (门诊护士)" in said
    does(hospital.staff, "progress", {"text": "窗口已增开"})
    does(
        hospital.staff,
        "add_evidence",
        {
            "photos": [SimpleUploadedFile("改造后.jpg", picture())],
            "kind": "after",
            "caption": "改造后",
        },
    )
    said = does(
        hospital.liaison, "take_step", {"statement": "降至二十二分钟"}, "apply_for_sign_off"
    )
    assert said.endswith("Now with the head of 门诊部: check the application.")
    does(hospital.head, "take_step", {"opinion": "属实"}, "check")
    client.force_login(again(hospital.office))
    evidence = item.evidence.get()
    close(client.get(at("evidence_file", item, evidence.key)))
    said = does(
        hospital.office,
        "take_step",
        {"no_let_go": [k for k, _l in NO_LET_GO], "was_visited": "on", "opinion": "现场属实"},
        "verify",
    )
    assert said.endswith("Now with 副院长甲: approve the sign-off.")
    said = does(hospital.vp, "take_step", {"opinion": "同意"}, "approve")
    assert "sign off when the public notice has ended" in said
    Attempt.objects.update(notice_until=today - dt.timedelta(days=1))
    said = does(hospital.office, "take_step", {}, "end_notice")
    assert said == f"{item.code} is signed off. Signed off; nobody has to do anything."
    assert now(item).state == State.CLOSED


def test_a_refusal_keeps_what_was_typed_and_answers_422(client, hospital):
    item = an_item(hospital)
    client.force_login(again(hospital.liaison))

    response = client.post(
        at("take_step", item, "apply_for_sign_off"), {"statement": "很长的说明"}, headers=HTMX
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Add at least one piece of evidence of the effect first" in page
    assert "很长的说明" in page
    assert page.strip().startswith('<form method="post" id="step-form"')


def test_who_comes_too_late_is_told_what_became_of_it(client, hospital):
    item = an_item(hospital, verified=True)
    client.force_login(again(hospital.discipline))

    response = client.get(at("take_step", item, "verify"), follow=True)

    assert response.redirect_chain == [(item.get_absolute_url(), 302)]
    assert messages_of(response) == [
        "“Pass verification” is not possible any more: the state is now “awaiting approval”."
    ]


def test_the_next_application_asks_for_an_answer_to_each_reason_of_the_return(client, hospital):
    item = an_item(hospital)
    EvidenceFactory(item=item)
    AttemptFactory(
        item=item, returned=True, return_reasons=["no_effect_shown", "other"], return_note="补对比"
    )
    client.force_login(again(hospital.liaison))
    url = at("take_step", item, "apply_for_sign_off")

    page = client.get(url).content.decode()
    assert "Returned because: The evidence shows activity, not effect" in page
    assert "Returned because: 补对比" in page
    assert client.post(url, {"statement": "再报", "answer_0": "已补"}).status_code == 422
    client.post(url, {"statement": "再报", "answer_0": "已补", "answer_1": "已附"})

    assert now(item).state == State.APPLIED


def test_a_plan_may_be_saved_as_far_as_it_is_and_one_more_row_costs_nothing_typed(client, hospital):
    item = an_item(hospital, drafting=True, target="")
    client.force_login(again(hospital.office))
    data = {
        "text": "改过的问题",
        "measures-TOTAL_FORMS": 1,
        "measures-INITIAL_FORMS": 0,
        "measures-0-text": "一项措施",
    }

    more = client.post(at("plan", item), {**data, "more": "1"})
    assert (more.status_code, len(more.context["rows"].forms)) == (200, 2)
    assert "一项措施" in more.content.decode()
    assert now(item).text == item.text
    client.post(at("plan", item), {**data, "save": "1"})

    assert (now(item).state, now(item).text) == (State.DRAFTING, "改过的问题")


def test_the_timeline_shows_what_a_new_plan_changed(client, hospital):
    item = an_item(hospital, drafting=True, measures=["旧措施"], target="旧目标")
    actions.revise_plan(
        item,
        by=hospital.office,
        responsible_departments=[hospital.surgery],
        due_on=item.due_on,
        measures=[("新措施", None)],
        target="新目标",
    )
    client.force_login(again(hospital.office))

    [told] = client.get(at("detail", item)).context["page"].timeline

    assert {(c.label, c.before, c.after) for c in told.changes} == {
        ("Rectification target", "旧目标", "新目标"),
        ("Rectification measures", f"旧措施 {item.due_on}", "新措施"),
        ("Responsible departments", "", "普外科"),
    }


def test_only_the_office_writes_plans(client, hospital):
    item = an_item(hospital, drafting=True)
    for who in ("vp", "head", "discipline", "secretary"):
        client.force_login(again(hospital.people()[who]))
        assert client.get(at("plan", item)).status_code == 403


def test_a_leader_approves_several_plans_at_once_with_a_result_for_each(client, hospital):
    items = [an_item(hospital, awaiting_plan_approval=True) for _n in range(3)]
    theirs = an_item(hospital, awaiting_plan_approval=True, responsible_leader=hospital.vp2)
    late = items.pop()
    client.force_login(again(hospital.vp))
    url = reverse("rectification:plans", args=[hospital.campaign.pk])
    assert {i.pk for i in client.get(url).context["page"]} == {i.pk for i in [*items, late]}
    actions.return_plan(late, by=again(hospital.vp), reason="措施不具体")
    hospital.vp.posts.first().in_charge_of.add(hospital.surgery)

    response = client.post(url, {"pk": [i.pk for i in [*items, late]], "opinion": "同意"})

    assert [bool(o.refusal) for o in response.context["outcomes"]] == [False, False, True]
    assert {now(i).state for i in items} == {State.AWAITING_CLAIM}
    client.post(url, {"pk": [theirs.pk]})
    assert now(theirs).state == State.AWAITING_PLAN_APPROVAL
    assert client.post(url, {}).status_code == 422


def test_evidence_is_handed_in_by_a_plain_form_and_faults_keep_the_words(client, hospital):
    item = an_item(hospital)
    client.force_login(again(hospital.liaison))
    words = {"kind": "effect", "caption": "十月统计"}

    nothing = client.post(at("add_evidence", item), words)
    wrong = client.post(
        at("add_evidence", item),
        {**words, "documents": [SimpleUploadedFile("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")]},
    )

    for response in (nothing, wrong):
        assert response.status_code == 422
        assert "十月统计" in response.content.decode()
    assert "Choose at least one file." in nothing.content.decode()
    assert "旧.doc: This is a document of an old format" in wrong.content.decode()
    client.post(
        at("add_evidence", item),
        {
            **words,
            "photos": [
                SimpleUploadedFile("a.jpg", picture()),
                SimpleUploadedFile("b.png", picture("PNG")),
            ],
            "documents": [SimpleUploadedFile("c.pdf", b"%PDF-1.7")],
        },
    )
    assert set(item.evidence.values_list("file_name", flat=True)) == {"a.jpg", "b.png", "c.pdf"}
    assert 'accept="image/*"' in client.get(at("add_evidence", item)).content.decode()


def test_a_file_is_handed_out_without_position_and_its_opening_recorded(client, hospital):
    item = an_item(hospital)
    [evidence] = actions.add_evidence(
        item,
        by=hospital.liaison,
        uploads=[SimpleUploadedFile("改造后.jpg", picture())],
        kind="after",
        caption="改造后",
    )
    client.force_login(again(hospital.office))

    page = client.get(at("evidence", item, evidence.key))
    thumb = client.get(at("evidence_thumb", item, evidence.key))
    assert not EvidenceOpening.objects.exists()
    file = client.get(at("evidence_file", item, evidence.key))

    assert page.status_code == thumb.status_code == 200
    content = b"".join(file.streaming_content)
    close(file)
    assert content.startswith(b"\xff\xd8")
    assert b"Phone" not in content
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    assert [(o.evidence, o.person) for o in EvidenceOpening.objects.all()] == [
        (evidence, hospital.office)
    ]


def test_files_open_for_exactly_those_who_may(client, hospital):
    item = an_item(hospital, checked=True)
    evidence = EvidenceFactory(item=item, content=picture(), file_name="x.jpg")
    opened = set()
    for name, who in hospital.people().items():
        client.force_login(again(who))
        response = client.get(at("evidence_file", item, evidence.key))
        if response.status_code == 200:
            close(response)
            opened.add(name)

    assert opened == hospital.who_may("rectification.open_evidence", item)


def test_the_key_of_anothers_file_opens_nothing(client, hospital):
    mine = an_item(hospital)
    other = an_item(hospital, lead_department=hospital.surgery)
    evidence = EvidenceFactory(item=other, content=picture())
    client.force_login(again(hospital.head))

    assert client.get(at("evidence_file", mine, evidence.key)).status_code == 404
    assert client.get(at("evidence_file", other, evidence.key)).status_code == 404


def test_evidence_is_withdrawn_with_a_reason(client, hospital):
    item = an_item(hospital)
    evidence = EvidenceFactory(item=item)
    client.force_login(again(hospital.head))
    url = at("withdraw_evidence", item, evidence.key)

    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "传错了"})

    assert item.evidence.get().withdrawn_by == hospital.head
    assert "withdrawn" in client.get(at("detail", item)).content.decode()


def test_a_measure_is_marked_as_carried_out(client, hospital):
    item = an_item(hospital)
    measure = item.measures.first()
    client.force_login(again(hospital.head))

    client.post(at("measure_done", item, measure.pk), {"done_on": timezone.localdate().isoformat()})

    measure.refresh_from_db()
    assert measure.done_on == timezone.localdate()


def test_notices_are_for_everybody_in_the_institution_and_name_nobody(client, hospital):
    item = an_item(hospital, on_notice=True, text="门诊护士与检验主任互相推诿")
    an_item(hospital, closed=True)
    url = reverse("rectification:notices", args=[hospital.campaign.pk])
    readers = set()
    for name, who in hospital.people().items():
        client.force_login(again(who))
        response = client.get(url)
        if response.status_code == 200 and response.context["notices"]:
            readers.add(name)
            assert [n.item for n, _seen in response.context["notices"]] == [item]

    assert readers == set(hospital.people()) - {"supervisor", "administrator", "stranger"}
    client.force_login(again(hospital.staff2))
    page = client.get(url).content.decode()
    assert "门某某某与检某某某互相推诿" in page
    assert f'href="{item.get_absolute_url()}"' not in page


def test_staff_object_to_a_notice_and_the_office_decides(client, hospital):
    item = an_item(hospital, on_notice=True)
    client.force_login(again(hospital.staff2))
    response = client.post(at("object_to_notice", item), {"text": "周一仍排长队"}, follow=True)
    assert "decides it" in messages_of(response)[-1]
    objection = item.attempts.get().objections.get()

    client.force_login(again(hospital.head))
    assert client.get(at("decide_objection", item, objection.pk)).status_code == 403
    assert "普外医生" not in client.get(at("detail", item)).content.decode()
    client.force_login(again(hospital.office))
    assert "普外医生" in client.get(at("detail", item)).content.decode()
    client.post(
        at("decide_objection", item, objection.pk), {"decision": "uphold", "answer": "属实"}
    )

    assert now(item).state == State.RECTIFYING


def test_nobody_objects_to_what_is_not_on_notice(client, hospital):
    client.force_login(again(hospital.staff2))

    assert client.get(at("object_to_notice", an_item(hospital, closed=True))).status_code == 404


def test_a_recurrence_is_reported_from_the_old_item_which_shows_the_new_one(client, hospital):
    old = an_item(hospital, closed=True)
    new = an_item(hospital, recurrence_of=old)
    client.force_login(again(hospital.office))

    page = client.get(at("detail", old)).content.decode()

    assert f"recurrence_of={old.issue.number}" in page
    assert new.get_absolute_url() in page
    assert old.get_absolute_url() in client.get(at("detail", new)).content.decode()


def test_a_recurrence_is_entered_as_a_new_problem_that_names_the_old(client, hospital):
    from issues.models import Issue

    old = an_item(hospital, closed=True)
    client.force_login(again(hospital.office))
    url = reverse("issues:register", args=[hospital.campaign.pk])
    url = f"{url}?about=work&recurrence_of={old.issue.number}"

    assert str(old.issue) in client.get(url).content.decode()
    today = timezone.localdate().isoformat()
    client.post(url, {"text": "又开始排长队", "source": "internal", "found_on": today})

    assert Issue.objects.get(text="又开始排长队").recurrence_of == old.issue


def test_the_timeline_says_who_when_why_and_what_differs_but_not_who_looked(client, hospital):
    item = an_item(hospital, awaiting_plan_approval=True)
    evidence = EvidenceFactory(item=item)
    actions.return_plan(item, by=hospital.vp, reason="措施不具体")
    actions.open_evidence(evidence, by=hospital.office2)
    client.force_login(again(hospital.office))

    told = client.get(at("detail", item)).context["page"].timeline

    assert [(t.who, t.label, t.reason, t.kind) for t in told] == [
        ("副院长甲", "Return the plan", "措施不具体", "returned")
    ]
    assert [(c.before, c.after) for c in told[0].changes] == [
        ("plan awaiting approval", "plan being drafted")
    ]


def test_the_page_costs_the_same_however_much_there_is(client, hospital):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    item = an_item(hospital, checked=True, recurrence_of=an_item(hospital, closed=True))

    def cost():
        client.force_login(again(hospital.office))
        with CaptureQueriesContext(connection) as page:
            assert client.get(at("detail", item)).status_code == 200
        reader = again(hospital.office)
        reader.has_perm("rectification.view_item", item)
        loaded = LedgerItem.objects.for_ledger().get(pk=item.pk)
        with CaptureQueriesContext(connection) as own:
            queries.item_page(loaded, reader)
        return len(page), len(own)

    def more():
        ProgressUpdateFactory(item=item, by=hospital.liaison)
        EvidenceFactory(item=item, uploaded_by=hospital.liaison)
        AttemptFactory(item=item, returned=True)
        from rectification.models import DeadlineEntry, Measure

        Measure.objects.create(item=item, text="又一项")
        DeadlineEntry.objects.create(item=item, set_by=hospital.office)

    more()
    few = cost()
    for _n in range(5):
        more()

    assert cost() == few
    assert few[0] <= 15
    assert few == QUERIES_OF_THE_PAGE


QUERIES_OF_THE_PAGE = (14, 6)


def test_one_more_measure_is_given_to_a_page_that_says_nothing_of_its_rows(client, hospital):
    item = an_item(hospital, drafting=True)
    client.force_login(hospital.office)

    assert client.post(at("plan", item), {"more": "1"}).status_code == 200


def test_a_recurrence_names_the_earlier_item_by_number_to_whom_that_one_is_not_shown(
    client, hospital
):
    earlier = an_item(hospital, closed=True, text="挂号处无人值守")
    later = an_item(hospital, lead_department=hospital.surgery, recurrence_of=earlier)
    pages = {}
    for who in ("head2", "head", "office"):
        client.force_login(getattr(hospital, who))
        seen = [client.get(at("detail", item)) for item in (later, earlier)]
        pages[who] = [page.content.decode() for page in seen if page.status_code == 200]

    assert [earlier.code in page for page in pages["head2"]] == [True]
    assert "挂号处无人值守" not in pages["head2"][0]
    assert [later.title in page for page in pages["head"]] == [False]
    assert "挂号处无人值守" in pages["office"][0]
    assert later.title in pages["office"][1]


def test_an_objection_to_a_notice_that_ends_meanwhile_is_refused_in_words(client, hospital):
    item = an_item(hospital, on_notice=True)
    client.force_login(hospital.staff)
    ended = []

    def end_it_first(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and not ended:
            ended.append(sql)
            Attempt.objects.filter(item=item).update(outcome="passed", ended_at=timezone.now())
            LedgerItem.objects.filter(pk=item.pk).update(
                state=State.CLOSED, closed_on=timezone.localdate()
            )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_it_first):
        response = client.post(at("object_to_notice", item), {"text": "还在排队"})

    assert response.status_code == 422
    assert "The public notice has ended." in response.content.decode()


def test_plans_come_fifty_a_page(client, hospital):
    for _n in range(51):
        an_item(hospital, awaiting_plan_approval=True)
    client.force_login(again(hospital.vp))
    url = reverse("rectification:plans", args=[hospital.campaign.pk])

    sizes = [len(client.get(url, {"page": n}).context["page"]) for n in (1, 2, 99)]

    assert sizes == [50, 1, 1]
