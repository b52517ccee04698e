"""Names of our people in texts that others read."""

import pytest

from organisation.queries import masked, names_in, without_names
from tests.organisation.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("张三", "由张三负责", "由张某负责"),
        ("张三", "由张　三负责", "由张某负责"),
        ("李小明", "李小明、李 小 明", "李某某、李某某"),
        ("欧阳小燕", "护士长欧阳小燕", "护士长欧阳某某"),
        ("欧阳", "欧阳值班", "欧某值班"),
        ("Li Ming", "Li Ming said", "L某某某某某 said"),
    ],
)
def test_a_name_is_reduced_to_the_family_name(name, written, read):
    PersonFactory(name=name)

    assert without_names([written]) == [read]


def test_a_longer_name_is_not_taken_for_a_shorter_one():
    for name in ("王伟", "王伟民"):
        PersonFactory(name=name)
    text = "王伟民与王伟"

    assert names_in([text]) == ["王伟民", "王伟"]
    assert without_names([text]) == ["王某某与王某"]


def test_who_is_named_stays_whole_although_his_name_holds_another():
    assert masked(["王伟民与王伟"], ["王伟", "王伟民"], frozenset({"王伟民"})) == ["王伟民与王某"]


def test_names_of_one_sign_and_names_that_do_not_occur_are_not_looked_for():
    PersonFactory(name="王")
    PersonFactory(name="赵六")

    assert names_in(["王府井大街"]) == []
    assert masked(["王府井大街"], []) == ["王府井大街"]


def test_finding_names_costs_one_query(django_assert_num_queries):
    PersonFactory.create_batch(5)

    with django_assert_num_queries(1):
        names_in(["甲", "乙", "丙"])
