"""The ready sets are sound: short names, two levels, phases within the campaign."""

import datetime as dt
from itertools import pairwise

import pytest

from campaign import presets
from campaign.models import Category, Phase, PhaseMethod


def test_the_six_problems_are_there_in_their_order():
    six = presets.category_sets()["six-problems"]

    assert [name[:4] for name, _kinds in six.families] == [
        "畏难畏险",
        "标准不高",
        "敷衍塞责",
        "创新不足",
        "麻痹懈怠",
        "纪律不严",
    ]
    assert all(kinds for _name, kinds in six.families)


@pytest.mark.parametrize("key", presets.category_sets())
def test_names_fit_their_column_and_occur_once(key):
    longest = Category._meta.get_field("name").max_length
    families = presets.category_sets()[key].families

    assert len({name for name, _kinds in families}) == len(families)
    for name, kinds in families:
        assert len(set(kinds)) == len(kinds)
        assert all(0 < len(text) <= longest for text in (name, *kinds))


@pytest.mark.parametrize("key", presets.phase_plans())
def test_phases_lie_within_the_campaign(key):
    longest = Phase._meta.get_field("name").max_length
    for phase in presets.phase_plans()[key].phases:
        assert 0 <= phase.begin <= phase.end <= 100
        assert phase.method in PhaseMethod.values
        assert len(phase.name) <= longest
        assert all(0 <= at <= 100 for _name, at in phase.milestones)


def test_the_four_methods_overlap():
    spans = [(p.begin, p.end) for p in presets.phase_plans()["four-methods"].phases]

    assert any(first[1] > second[0] for first, second in pairwise(spans))


def test_a_share_of_the_campaign_is_a_day_of_it():
    start, end = dt.date(2026, 3, 1), dt.date(2026, 12, 31)

    assert (presets.day_at(0, start, end), presets.day_at(100, start, end)) == (start, end)
