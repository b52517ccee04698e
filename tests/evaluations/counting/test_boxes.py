"""No box without a crowd: small groups are merged, named or left out, or the round is unsafe."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.counting.boxes import Electorate, Finding, Found, Group, SmallBoxRule, assess

LEADERS = Group("a", "A", weight=30, eligible=3, order=1)
PEERS = Group("b", "B", weight=30, eligible=12, order=2)
STAFF = Group("c", "C", weight=40, eligible=40, order=3)
MERGE, NAMED, DROP = SmallBoxRule


def told(assessment):
    return [(one.code, one.params, one.is_safe) for one in assessment.findings]


def group(code, eligible, order, weight=10):
    return Group(code, code.upper(), weight, eligible, order)


@pytest.mark.parametrize("rule", SmallBoxRule)
def test_where_no_box_is_small_there_is_nothing_to_say(rule):
    found = assess([STAFF, PEERS], rule, 5)

    assert found.electorates == (
        Electorate(("b",), ("B",), 30, 12, share=Fraction(3, 7)),
        Electorate(("c",), ("C",), 40, 40, share=Fraction(4, 7)),
    )
    assert (found.findings, found.is_safe) == ((), True)


def test_a_small_group_votes_with_the_next_and_brings_its_weight():
    found = assess([LEADERS, PEERS, STAFF], MERGE, 5)

    assert found.electorates == (
        Electorate(("a", "b"), ("A", "B"), 60, 15, share=Fraction(3, 5)),
        Electorate(("c",), ("C",), 40, 40, share=Fraction(2, 5)),
    )
    assert told(found) == [(Found.MERGED, {"what": "A", "people": 3, "into": "B"}, True)]
    assert [one.sentence for one in found.findings] == [
        "“A” has 3 voters and votes together with “B”."
    ]


def test_the_last_group_votes_with_the_one_before():
    found = assess([group("a", 9, 1), group("b", 8, 2), group("c", 2, 3)], MERGE, 5)

    assert [one.codes for one in found.electorates] == [("a",), ("b", "c")]
    assert told(found) == [(Found.MERGED, {"what": "C", "people": 2, "into": "B"}, True)]


def test_it_goes_on_until_nobody_is_alone():
    found = assess(
        [group("a", 1, 1), group("b", 2, 2), group("c", 1, 3), group("d", 9, 4)], MERGE, 5
    )

    assert [(one.code, one.label, one.eligible, one.weight) for one in found.electorates] == [
        ("a+b+c+d", "A、B、C、D", 13, 40)
    ]
    assert found.is_safe


def test_the_order_is_that_of_the_groups_and_not_of_the_list():
    assert assess([STAFF, LEADERS, PEERS], MERGE, 5) == assess([LEADERS, PEERS, STAFF], MERGE, 5)


def test_a_small_group_may_be_declared_named():
    found = assess([LEADERS, PEERS, STAFF], NAMED, 5)

    assert [(one.code, one.is_named, one.share) for one in found.electorates] == [
        ("a", True, Fraction(3, 10)),
        ("b", False, Fraction(3, 10)),
        ("c", False, Fraction(2, 5)),
    ]
    assert told(found) == [(Found.NAMED, {"what": "A", "people": 3}, True)]


def test_a_small_group_may_be_left_out_and_leaves_its_weight_to_the_others():
    found = assess([LEADERS, PEERS, STAFF], DROP, 5)

    assert [(one.code, one.share) for one in found.electorates] == [
        ("b", Fraction(3, 7)),
        ("c", Fraction(4, 7)),
    ]
    assert told(found) == [(Found.DROPPED, {"what": "A", "people": 3}, True)]


@pytest.mark.parametrize("rule", [NAMED, DROP])
def test_a_group_without_voters_is_left_out(rule):
    found = assess([group("a", 0, 1), PEERS], rule, 5)

    assert [one.code for one in found.electorates] == ["b"]
    assert told(found) == [(Found.EMPTY, {"what": "A", "people": 0}, True)]


def test_who_has_fewer_voters_than_are_needed_in_all_is_unsafe():
    found = assess([group("a", 2, 1), group("b", 2, 2)], MERGE, 5)

    assert not found.is_safe
    assert told(found)[1:] == [
        (Found.TOO_SMALL, {"what": "A、B", "people": 4, "k": 5}, False),
        (Found.TOO_FEW_IN_ALL, {"people": 4, "k": 5}, False),
    ]


@pytest.mark.parametrize(
    ("groups", "rule", "code"),
    [
        ([group("a", 2, 1), group("b", 2, 2)], NAMED, Found.TOO_FEW_IN_ALL),
        ([group("a", 2, 1), group("b", 4, 2)], DROP, Found.TOO_FEW_IN_ALL),
        ([], MERGE, Found.TOO_FEW_IN_ALL),
    ],
)
def test_no_rule_makes_a_few_people_safe(groups, rule, code):
    found = assess(groups, rule, 5)

    assert not found.is_safe
    assert [one.code for one in found.findings if not one.is_safe] == [code]


@pytest.mark.parametrize("code", Found)
def test_a_finding_is_read_back_and_has_a_sentence(code):
    finding = Finding(code, {"what": "A", "people": 3, "into": "B", "k": 5}, is_safe=False)

    assert Finding.from_json(finding.to_json()) == finding
    assert finding.sentence.endswith(".")
    assert "%(" not in finding.sentence


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 50)), max_size=6),
    st.sampled_from(SmallBoxRule),
    st.integers(5, 8),
)
def test_a_safe_round_has_no_secret_box_below_k_and_loses_nobody_silently(drawn, rule, k):
    groups = [group("abcdef"[n], people, n, weight) for n, (people, weight) in enumerate(drawn)]
    found = assess(groups, rule, k)
    left_out = [one.params["people"] for one in found.findings if one.code == Found.DROPPED]

    if found.is_safe:
        assert all(one.is_named or one.eligible >= k for one in found.electorates)
        assert sum(one.share for one in found.electorates) == 1
    assert sum(one.eligible for one in found.electorates) + sum(left_out) == sum(
        one.eligible for one in groups
    )
    if rule == MERGE:
        assert sum(one.weight for one in found.electorates) == sum(one.weight for one in groups)
