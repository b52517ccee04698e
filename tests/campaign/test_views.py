"""The pages of campaigns."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.models import Appointment, Campaign, Category, Milestone, Phase
from campaign.states import State
from tests.campaign.factories import (
    AppointmentFactory,
    CampaignFactory,
    CategoryFactory,
    MilestoneFactory,
    PhaseFactory,
)
from tests.organisation.factories import PersonFactory, PostFactory

HTMX = {"HX-Request": "true"}


def url(name, campaign, *args):
    return reverse(f"campaign:{name}", args=[campaign.pk, *args])


def text(response):
    return response.content.decode()


def part_of(page, ident):
    """From the root element of the part to its end."""
    start = page.index(f'id="{ident}"')
    return page[page.rindex("<", 0, start) :]


def draft_input(hospital, **facts):
    return {
        "host": hospital.unit.pk,
        "name": "转作风",
        "code": "ZX",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
        "day_basis": "rolling",
        "cut_off": "17:00",
        "warn_days": 3,
        "immediate_days": 7,
        "notice_rule": "external",
        "notice_days": 5,
        "review_months": 6,
        "category_set": "six-problems",
        "phase_plan": "three-stages",
        **facts,
    }


def row_input(count, initial, **cells):
    return {
        "rows-TOTAL_FORMS": count,
        "rows-INITIAL_FORMS": initial,
        "rows-MIN_NUM_FORMS": 0,
        "rows-MAX_NUM_FORMS": 200,
        **{name.replace("__", "-"): value for name, value in cells.items()},
    }


def test_the_office_drafts_a_campaign_by_form(client, hospital):
    client.force_login(hospital.office)

    response = client.post(
        reverse("campaign:create"), draft_input(hospital, units=[hospital.surgery.pk])
    )

    made = Campaign.objects.get(code="ZX")
    assert response.url == made.get_absolute_url()
    assert (made.state, made.onsite_for_external) == (State.DRAFT, False)
    assert set(made.units.all()) == {hospital.surgery}
    assert made.categories.exists()
    assert made.phases.count() == 4


def test_a_form_with_faults_answers_422_and_keeps_what_was_typed(client, hospital):
    client.force_login(hospital.office)

    response = client.post(
        reverse("campaign:create"),
        draft_input(hospital, ends_on="2020-01-01", units=[hospital.surgery.pk]),
    )

    assert response.status_code == 422
    assert "The campaign would end before it starts." in text(response)
    assert f'value="{hospital.surgery.pk}" checked' in text(response)
    assert not Campaign.objects.filter(code="ZX").exists()


def test_the_tree_offers_the_units_of_the_host_in_their_order(client, hospital):
    client.force_login(hospital.office)

    form = client.get(reverse("campaign:create")).context["form"]

    assert [row.name for row in form.unit_rows()] == [
        "门诊部",
        "普外科",
        "检验科",
        "院办",
        "纪检监察室",
    ]


def test_an_edit_goes_through_and_a_refusal_shows_in_the_form(client, hospital):
    client.force_login(hospital.office)
    address = url("edit", hospital.campaign)
    facts = draft_input(hospital, code="ZF", starts_on="2026-01-01", aim="转作风")

    assert client.post(address, facts).url == hospital.campaign.get_absolute_url()
    Campaign.objects.update(issue_counter=3)
    response = client.post(address, {**facts, "code": "OTHER"})

    hospital.campaign.refresh_from_db()
    assert (hospital.campaign.aim, hospital.campaign.code) == ("转作风", "ZF")
    assert response.status_code == 422
    assert "it stays" in text(response)


@pytest.mark.parametrize("name", ["edit", "phases", "categories", "appointments", "finish"])
@pytest.mark.parametrize("who", ["secretary", "discipline", "head", "supervisor", "stranger"])
def test_pages_that_change_a_campaign_are_for_its_office(client, hospital, name, who):
    client.force_login(getattr(hospital, who))

    assert client.get(url(name, hospital.campaign)).status_code in {403, 404}


@pytest.mark.parametrize(
    ("who", "sees"),
    [("staff", True), ("supervisor", True), ("administrator", False), ("stranger", False)],
)
def test_everybody_under_the_host_reads_its_campaign(client, hospital, who, sees):
    client.force_login(getattr(hospital, who))

    response = client.get(hospital.campaign.get_absolute_url())

    assert response.status_code == (200 if sees else 404)


def test_a_draft_is_seen_by_those_who_make_it(client, hospital):
    draft = CampaignFactory(host=hospital.unit, state=State.DRAFT, name="还没有开始")

    for who, sees in [("office", True), ("secretary", True), ("head", False)]:
        client.force_login(getattr(hospital, who))
        assert ("还没有开始" in text(client.get(reverse("campaign:list")))) is sees
        assert client.get(draft.get_absolute_url()).status_code == (200 if sees else 404)


def test_starting_by_button_tells_what_is_missing_and_then_starts(client, hospital):
    draft = CampaignFactory(host=hospital.unit, state=State.DRAFT)
    client.force_login(hospital.office)

    page = client.post(url("start", draft), follow=True)
    assert "First add at least one category" in text(page)
    CategoryFactory(campaign=draft)
    PhaseFactory(campaign=draft)
    page = client.post(url("start", draft), follow=True)

    draft.refresh_from_db()
    assert draft.state == State.RUNNING
    assert "can report problems from now on" in text(page)


def test_finishing_asks_for_a_sentence(client, hospital):
    client.force_login(hospital.office)
    address = url("finish", hospital.campaign)

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "总结会已开"})

    hospital.campaign.refresh_from_db()
    assert hospital.campaign.state == State.FINISHED


def test_a_copy_by_form(client, hospital):
    client.force_login(hospital.office)
    facts = {"name": "第二轮", "code": "ZF2", "starts_on": "2027-03-01"}

    assert client.post(url("copy", hospital.campaign), {**facts, "code": "zf"}).status_code == 422
    assert client.post(url("copy", hospital.campaign), {**facts, "code": "ZF"}).status_code == 422
    client.post(url("copy", hospital.campaign), facts)

    assert Campaign.objects.get(code="ZF2").starts_on == dt.date(2027, 3, 1)


def test_phases_are_saved_as_a_whole_and_empty_rows_are_nothing(client, hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    client.force_login(hospital.office)
    rows = row_input(
        3,
        1,
        rows__0__pk=phase.pk,
        rows__0__name="整改落实",
        rows__0__method="rectify",
        rows__0__starts_on="2026-04-01",
        rows__0__ends_on="2026-05-01",
        rows__0__position=2,
        rows__1__name="学习教育",
        rows__1__method="study",
        rows__1__starts_on="2026-03-01",
        rows__1__ends_on="2026-04-15",
        rows__1__position=1,
        rows__2__name="",
        rows__2__method="other",
        rows__2__position=99,
    )

    assert client.post(url("phases", hospital.campaign), rows).status_code == 302
    assert list(Phase.objects.order_by("position").values_list("name", flat=True)) == [
        "学习教育",
        "整改落实",
    ]
    faulty = {**rows, "rows-0-pk": 999999}
    response = client.post(url("phases", hospital.campaign), faulty)
    assert response.status_code == 422
    assert "Somebody else has removed this row" in text(response)


def test_one_more_row_keeps_what_was_typed_and_saves_nothing(client, hospital):
    client.force_login(hospital.office)
    rows = row_input(
        1,
        0,
        more="1",
        rows__0__name="学习教育",
        rows__0__method="study",
        rows__0__starts_on="2026-03-01",
        rows__0__ends_on="2026-04-15",
        rows__0__position=1,
    )

    response = client.post(url("phases", hospital.campaign), rows)

    assert response.status_code == 200
    assert len(response.context["rows"].forms) == 2
    assert 'value="学习教育"' in text(response)
    assert not Phase.objects.exists()


def test_a_ready_set_is_added_by_one_press(client, hospital):
    client.force_login(hospital.office)

    client.post(url("phases", hospital.campaign), {"ready": "discussion"})
    client.post(url("categories", hospital.campaign), {"ready": "five-faults"})
    unknown = client.post(url("categories", hospital.campaign), {"ready": "no such"})

    assert Phase.objects.count() == 4
    assert Category.objects.filter(parent=None).count() == 6
    assert unknown.status_code == 404


def test_a_kind_is_added_to_a_family_and_a_used_category_stays(client, hospital):
    client.force_login(hospital.office)
    family = hospital.category
    rows = row_input(
        2,
        1,
        rows__0__pk=family.pk,
        rows__0__name=family.name,
        rows__0__position=1,
        rows__1__name="态度生硬",
        rows__1__parent=family.pk,
        rows__1__position=1,
    )

    client.post(url("categories", hospital.campaign), rows)

    assert [(c.name, c.parent) for c in Category.objects.filter(name="态度生硬")] == [
        ("态度生硬", family)
    ]


def test_milestones_are_edited_on_the_page_of_their_phase(client, hospital):
    phase = PhaseFactory(campaign=hospital.campaign)
    client.force_login(hospital.office)
    rows = row_input(1, 0, rows__0__name="动员大会", rows__0__due_on="2026-03-05")

    assert client.post(url("milestones", hospital.campaign, phase.pk), rows).status_code == 302
    assert Milestone.objects.get().name == "动员大会"
    elsewhere = PhaseFactory()
    assert client.get(url("milestones", hospital.campaign, elsewhere.pk)).status_code == 404


def test_a_milestone_is_ticked_from_the_page(client, hospital):
    milestone = MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign))
    client.force_login(hospital.office)
    address = url("tick", hospital.campaign, milestone.pk)

    response = client.post(address, {"done": "1"})
    milestone.refresh_from_db()
    assert response.url.endswith(f"#phase-{milestone.phase_id}")
    assert milestone.done_by == hospital.office

    client.post(address, {"done": "0"})
    milestone.refresh_from_db()
    assert milestone.done_on is None


def test_somebody_is_appointed_by_number_or_by_a_name_that_is_his_alone(client, hospital):
    client.force_login(hospital.office)
    address = url("appointments", hospital.campaign)
    twin = PersonFactory(name=hospital.head.name)
    PostFactory(person=twin, unit=hospital.surgery)
    facts = {"role": "leading_member", "since": "2026-03-01"}

    by_name = client.post(address, {**facts, "person": hospital.head.name})
    assert by_name.status_code == 422
    assert hospital.head.employee_number in text(by_name)
    nobody = client.post(address, {**facts, "person": hospital.stranger.employee_number})
    assert nobody.status_code == 422
    client.post(address, {**facts, "person": f"{hospital.head.employee_number} whoever"})
    client.post(address, {**facts, "person": hospital.head2.name})

    assert set(Appointment.objects.values_list("person", flat=True)) == {
        hospital.head.pk,
        hospital.head2.pk,
    }


def test_an_appointment_is_ended_by_form(client, hospital):
    made = AppointmentFactory(campaign=hospital.campaign, person=hospital.head)
    client.force_login(hospital.office)

    client.post(url("end_appointment", hospital.campaign, made.pk), {"until": "2026-05-01"})

    made.refresh_from_db()
    assert made.until == dt.date(2026, 5, 1)


def test_names_are_read_out_in_rank_order(client, hospital):
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head, role="leading_member")
    AppointmentFactory(campaign=hospital.campaign, person=hospital.vp, role="leading_deputy")
    client.force_login(hospital.staff)

    people = client.get(hospital.campaign.get_absolute_url()).context["people"]

    assert [seat.person.name for seat in people.leading] == ["书记", "院长", "副院长甲", "门诊主任"]
    assert [seat.person.name for seat in people.office] == ["整治办甲", "整治办乙"]


def test_the_history_is_for_those_who_run_the_campaign(client, hospital):
    client.force_login(hospital.office)
    client.post(url("categories", hospital.campaign), {"ready": "five-faults"})

    assert len(client.get(url("history", hospital.campaign)).context["page"].object_list) == 5
    client.force_login(hospital.head)
    assert client.get(url("history", hospital.campaign)).status_code == 403


def test_the_swapped_list_is_the_list_of_the_whole_page(client, hospital):
    client.force_login(hospital.staff)
    address = reverse("campaign:list") + "?state=running"

    page, part = client.get(address), client.get(address, headers=HTMX)

    assert text(part).strip() in text(page)
    assert 'id="campaign-table"' in text(part)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_queries_for_one_campaign_or_three(
    client, hospital, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        MilestoneFactory(phase=PhaseFactory(campaign=CampaignFactory(host=hospital.unit)))
    client.force_login(hospital.staff)

    with django_assert_max_num_queries(12) as captured:
        client.get(reverse("campaign:list"))
    test_the_list_costs_the_same_queries_for_one_campaign_or_three.seen = {
        *getattr(test_the_list_costs_the_same_queries_for_one_campaign_or_three, "seen", set()),
        len(captured),
    }
    assert len(test_the_list_costs_the_same_queries_for_one_campaign_or_three.seen) == 1


def test_the_campaigns_page_costs_the_same_however_much_is_in_it(
    client, hospital, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(hospital.staff)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(hospital.campaign.get_absolute_url())
        return len(captured)

    MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign))
    AppointmentFactory(campaign=hospital.campaign, person=hospital.head)
    first = cost()
    for _ in range(3):
        MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign))
        CategoryFactory(campaign=hospital.campaign, parent=hospital.category)
        AppointmentFactory(campaign=hospital.campaign, person=PersonFactory())

    assert cost() == first


def test_the_ribbon_stands_on_every_page_of_the_campaign_and_on_no_other(client, hospital):
    PhaseFactory(campaign=hospital.campaign, name="查摆问题")
    client.force_login(hospital.office)

    for name in ["detail", "edit", "copy", "finish", "phases", "categories", "history"]:
        page = text(client.get(url(name, hospital.campaign)))
        assert 'id="phase-ribbon"' in page
        assert "查摆问题" in page
    assert 'id="phase-ribbon"' not in text(client.get(reverse("campaign:list")))


def test_the_switch_leads_to_the_same_page_of_the_other_campaign(client, hospital):
    other = CampaignFactory(host=hospital.unit)
    phase = PhaseFactory(campaign=hospital.campaign)
    client.force_login(hospital.office)

    def switch(address):
        campaigns = client.get(address).context["campaigns"]
        return {campaign.pk: campaign.url for campaign in campaigns}[other.pk]

    assert switch(url("categories", hospital.campaign)) == url("categories", other)
    milestones = url("milestones", hospital.campaign, phase.pk)
    assert switch(milestones) == other.get_absolute_url()
    assert switch(reverse("campaign:list")) == other.get_absolute_url()


def test_a_late_milestone_is_said_in_words(client, hospital):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    MilestoneFactory(phase=PhaseFactory(campaign=hospital.campaign), name="台账", due_on=yesterday)
    client.force_login(hospital.staff)

    assert "Overdue milestone:" in text(client.get(hospital.campaign.get_absolute_url()))


@pytest.mark.parametrize("shown", [{}, {"rows-TOTAL_FORMS": "x"}])
def test_one_more_row_is_given_to_a_page_that_says_nothing_of_its_rows(client, hospital, shown):
    client.force_login(hospital.office)

    response = client.post(url("phases", hospital.campaign), {"more": "1", **shown})

    assert response.status_code == 200
