"""One box for numbers, words and names; nothing is found that may not be seen."""

import pytest
from django.urls import reverse

from tests.issues.factories import IssueFactory
from tests.rectification.factories import LedgerItemFactory

SEARCH = reverse("desk:search")


@pytest.fixture
def rows(hospital):
    mine = LedgerItemFactory(
        campaign=hospital.campaign, lead_department=hospital.outpatient, text="挂号排队时间长"
    )
    theirs = LedgerItemFactory(
        campaign=hospital.campaign, lead_department=hospital.surgery, text="挂号单据不全"
    )
    clue = IssueFactory(campaign=hospital.campaign, handed_over=True, text="挂号处收受红包")
    return {"mine": mine, "theirs": theirs, "clue": clue}


def found(client, text):
    groups = client.get(SEARCH, {"q": text}).context["found"]
    return {group.label: {hit.title for hit in group.hits} for group in groups}


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("office", {"挂号排队时间长", "挂号单据不全"}),
        ("head", {"挂号排队时间长"}),
        ("staff", set()),
        ("stranger", set()),
    ],
)
def test_words_find_only_what_one_may_see(client, hospital, rows, who, titles):
    client.force_login(getattr(hospital, who))

    assert found(client, "挂号").get("Rectification ledger", set()) == titles


def test_a_clue_is_found_by_the_discipline_office_alone(client, hospital, rows):
    for who, titles in (("discipline", {"挂号处收受红包"}), ("office", None), ("secretary", None)):
        client.force_login(getattr(hospital, who))
        assert found(client, "收受红包").get("Problems") == titles


def test_a_number_finds_its_item(client, hospital, rows):
    client.force_login(hospital.office)

    assert "挂号排队时间长" in found(client, rows["mine"].code)["Rectification ledger"]


def test_a_departments_name_finds_the_department(client, hospital):
    client.force_login(hospital.head)

    assert found(client, "普外科") == {"Departments": {"普外科"}}


def test_the_list_behind_a_group_has_as_many_rows(client, hospital, rows):
    client.force_login(hospital.office)

    [group] = [
        g for g in client.get(SEARCH, {"q": "挂号"}).context["found"] if g.label != "Problems"
    ]

    assert [more.total for more in group.more] == [2]
    assert client.get(group.more[0].url).context["page"].paginator.count == 2


@pytest.mark.parametrize("text", ["", "   ", "没有这样的话", "%", "_", "-" * 300])
def test_nothing_found_says_what_to_try(client, hospital, rows, text):
    client.force_login(hospital.office)

    page = client.get(SEARCH, {"q": text})

    assert page.context["found"] == []
    assert "empty-state" in page.content.decode()


def test_units_and_people_of_another_institution_are_not_found(client, hospital):
    elsewhere = hospital.stranger.posts.get().unit
    client.force_login(hospital.office)

    assert found(client, elsewhere.name) == {}
    assert found(client, hospital.stranger.employee_number) == {}


def test_the_bureau_finds_the_people_below_it(client, hospital):
    client.force_login(hospital.supervisor)

    assert found(client, hospital.head.employee_number) == {"People": {hospital.head.name}}


def test_signs_that_no_database_stores_are_passed_over(client, hospital):
    client.force_login(hospital.head)

    assert found(client, "普外\0科") == {"Departments": {"普外科"}}
