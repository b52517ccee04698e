"""A round on paper: planned, changed, copied; and refused where a rule or a state says no."""

import datetime as dt
from base64 import b64encode

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.models import Event
from ballots import sealing
from campaign.states import State as CampaignState
from core.errors import ActionRefusedError
from evaluations import actions
from evaluations.models import GroupRule, Round, VoterGroup
from evaluations.presets import READY_SETS
from evaluations.queries.heads import candidates
from evaluations.queries.preparation import default_times, short_ticket_window
from organisation.models import Post, PostKind, Unit
from tests.evaluations.factories import SHARES, a_round, a_sealed_round, seal_pair
from tests.people import again

pytestmark = pytest.mark.django_db

TIMES = {
    "period_from": dt.date(2026, 1, 1),
    "period_to": dt.date(2026, 6, 30),
    "tickets_from": timezone.now() + dt.timedelta(days=3),
    "opens_at": timezone.now() + dt.timedelta(days=5),
    "closes_at": timezone.now() + dt.timedelta(days=10),
}


def everything():
    """All that a refused action must leave as it was."""
    return (
        sorted(Round.objects.values_list("pk", "name", "state", "election")),
        sorted(VoterGroup.objects.values_list("pk", "code", "weight")),
        Event.objects.count(),
    )


def test_the_office_plans_a_round_with_the_dimensions_of_the_founding_plan(hospital):
    planned = actions.plan_round(hospital.campaign, by=again(hospital.office), name="一", **TIMES)

    assert planned.dimensions == ["履职尽责", "服务质量", "工作作风", "廉洁自律"]
    assert (planned.number, planned.state, planned.rules.k_grade) == (1, "preparing", 5)


@pytest.mark.parametrize("who", ["head", "vp", "staff", "administrator", "stranger", "secretary"])
def test_nobody_else_plans_a_round(hospital, who):
    before = everything()

    with pytest.raises(PermissionDenied):
        actions.plan_round(hospital.campaign, by=again(getattr(hospital, who)), name="一", **TIMES)

    assert everything() == before


def test_only_a_running_campaign_holds_a_round(hospital):
    type(hospital.campaign).objects.update(state=CampaignState.FINISHED)
    before = everything()

    with pytest.raises(ActionRefusedError, match="running campaign"):
        actions.plan_round(hospital.campaign, by=again(hospital.office), name="一", **TIMES)

    assert everything() == before


def test_a_copy_takes_heads_groups_commission_and_rules_but_no_key(hospital):
    earlier = a_sealed_round(hospital)

    copy = actions.plan_round(
        hospital.campaign, by=again(hospital.office), earlier=earlier, name="二", **TIMES
    )

    assert set(copy.subjects.values_list("person", flat=True)) == set(
        earlier.subjects.values_list("person", flat=True)
    )
    assert list(copy.groups.values_list("code", "weight")) == [("A", 100)]
    assert copy.commission.count() == 3
    assert (copy.election, copy.number) == (None, 2)


def test_a_copy_leaves_out_whoever_has_gone(hospital):
    earlier = a_sealed_round(hospital)
    for person in (hospital.head2, hospital.staff2):
        type(person).objects.filter(pk=person.pk).update(is_active=False)

    copy = actions.plan_round(
        hospital.campaign, by=again(hospital.office), earlier=earlier, name="二", **TIMES
    )

    assert set(copy.subjects.values_list("person", flat=True)) == {hospital.head.pk}
    assert set(copy.commission.values_list("person", flat=True)) == {
        hospital.discipline2.pk,
        hospital.liaison.pk,
    }


def test_a_ready_set_replaces_the_groups_and_weighs_a_hundred(hospital):
    round_ = a_round(hospital)

    for ready in READY_SETS:
        actions.take_ready_set(round_, ready, by=again(hospital.office))
        groups = list(round_.groups.order_by("code").values_list("code", "rule", "weight"))
        assert groups == [(one.code, one.rule, one.weight) for one in ready.groups]
        assert sum(weight for _code, _rule, weight in groups) == 100
    assert set(GroupRule.values) >= {one.rule for ready in READY_SETS for one in ready.groups}


def test_the_trail_says_what_a_group_was_before(hospital):
    round_ = a_round(hospital)
    group = round_.groups.get()
    group.weight = 40  # as a form leaves it

    actions.revise_group(
        group,
        by=again(hospital.office),
        units=[],
        people=[],
        name="职工",
        rule="all_staff",
        weight=40,
    )

    event = Event.objects.get(action="evaluations.revise_group")
    assert (event.detail["before"]["weight"], event.detail["after"]["weight"]) == (100, 40)


def test_a_commission_is_three_people_who_are_not_evaluated(hospital):
    round_ = a_round(hospital)
    before = everything()
    office = again(hospital.office)

    with pytest.raises(ActionRefusedError, match="three members"):
        actions.set_commission(round_, [(hospital.vp, "院")], by=office)
    with pytest.raises(ActionRefusedError, match="evaluated"):
        actions.set_commission(
            round_, [(hospital.vp, "院"), (hospital.head, "科"), (hospital.staff, "职")], by=office
        )
    with pytest.raises(ActionRefusedError, match="different people"):
        actions.set_commission(
            round_, [(hospital.vp, "院"), (hospital.vp, "科"), (hospital.staff, "职")], by=office
        )

    assert everything() == before
    assert round_.commission.count() == 3


def test_another_commission_makes_the_old_key_void(hospital):
    round_ = a_sealed_round(hospital)
    others = [(hospital.vp, "院"), (hospital.deputy, "科"), (hospital.staff, "职")]

    actions.set_commission(round_, others, by=again(hospital.office))

    round_.refresh_from_db()
    assert round_.election is None


def test_only_a_member_of_the_commission_makes_the_key(hospital):
    round_ = a_round(hospital)
    before = everything()

    for who in (hospital.office, hospital.discipline, hospital.secretary, hospital.administrator):
        with pytest.raises(PermissionDenied):
            actions.begin_seal(round_, by=again(who))

    assert everything() == before


@pytest.mark.parametrize(
    ("public", "wrapped"),
    [
        ("no base64!", {"12": "YQ==", "13": "YQ==", "23": "YQ=="}),
        ("密钥", {"12": "YQ==", "13": "YQ==", "23": "YQ=="}),
        ("", {"12": "密钥", "13": "YQ==", "23": "YQ=="}),
        ("YQ==", {"12": "YQ==", "13": "YQ==", "23": "YQ=="}),
        (None, {"12": "YQ==", "13": "YQ=="}),
        (None, {"12": "YQ==", "13": "YQ==", "23": 7}),
        (None, {"12": "", "13": "YQ==", "23": "YQ=="}),
    ],
)
def test_what_is_no_key_is_not_kept(hospital, public, wrapped):
    round_ = a_round(hospital)
    member = again(hospital.liaison)
    actions.begin_seal(round_, by=member)
    public = public or b64encode(seal_pair()[1]).decode()

    with pytest.raises(ActionRefusedError, match="did not send a key"):
        actions.seal(round_, by=member, public=public, wrapped=wrapped)

    assert Round.objects.get(pk=round_.pk).election.seal_key is None


def test_no_member_replaces_the_key_until_the_commission_is_named_anew(hospital):
    round_ = a_sealed_round(hospital)
    kept = bytes(round_.election.seal_key)
    member = again(hospital.liaison)
    own = [sealing.new_share() for _seat in range(3)]
    private, public = sealing.new_seal_key()
    wrapped = sealing.wrap(private, own, round_.election.pk.bytes)

    with pytest.raises(ActionRefusedError, match="There is a key already"):
        actions.seal(round_, by=member, public=b64encode(public).decode(), wrapped=wrapped)
    assert bytes(Round.objects.get(pk=round_.pk).election.seal_key) == kept

    named = [(one.person, one.stands_for) for one in round_.commission.order_by("seat")]
    actions.set_commission(round_, named, by=again(hospital.office))
    assert Round.objects.get(pk=round_.pk).election is None


def test_the_kept_key_opens_with_any_two_shares(hospital):
    election = a_sealed_round(hospital).election

    for one, other in ((0, 1), (0, 2), (2, 1)):
        found = sealing.unwrap(election.wrapped_seal, SHARES[one], SHARES[other], election.pk.bytes)
        assert found == seal_pair()[0]


def test_heads_are_proposed_by_the_flags_and_not_when_new_in_post(hospital):
    round_ = a_round(hospital, heads=[])
    today = timezone.localdate()
    Unit.objects.filter(pk=hospital.surgery.pk).update(handles_resources=True)
    Post.objects.update(since=today - dt.timedelta(days=400))
    Post.objects.filter(person=hospital.head2).update(since=today - dt.timedelta(days=100))

    found = {one.post.person_id: one for one in candidates(round_, today)}

    assert {pk for pk, one in found.items() if one.is_proposed} == {hospital.head.pk}
    assert {pk for pk, one in found.items() if one.is_new} == {hospital.head2.pk}
    assert {one.post.kind for one in found.values()} == {PostKind.HEAD, PostKind.DEPUTY}


def test_tickets_are_proposed_two_working_days_before_the_vote(hospital):
    times = default_times(dt.date(2026, 3, 2))  # a Monday

    local = {name: timezone.localtime(when) for name, when in times.items()}
    assert (local["tickets_from"].date(), local["opens_at"].date(), local["closes_at"].date()) == (
        dt.date(2026, 3, 9),
        dt.date(2026, 3, 11),
        dt.date(2026, 3, 15),
    )
    assert not short_ticket_window(times["tickets_from"], times["opens_at"])
    assert "network" in short_ticket_window(
        times["opens_at"] - dt.timedelta(hours=23), times["opens_at"]
    )
