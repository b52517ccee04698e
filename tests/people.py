"""A small hospital under a bureau, with everybody the product knows: the ``hospital`` fixture.

A person keeps what he worked out about himself (``posts_now``, ``scope_of``) for the request:
after changing posts or appointments in a test, ask for him afresh with ``again(person)``.
"""

from dataclasses import dataclass

import pytest

from campaign.models import Campaign, Category
from organisation.models import Person, PostKind, Unit, UnitCategory
from tests.campaign.factories import CampaignFactory, CategoryFactory
from tests.organisation.factories import (
    BureauFactory,
    HospitalFactory,
    PersonFactory,
    UnitFactory,
    holder,
)


def again(person):
    return Person.objects.get(pk=person.pk)


@dataclass
class Hospital:
    bureau: Unit
    unit: Unit
    outpatient: Unit
    surgery: Unit
    laboratory: Unit
    campaign_office: Unit
    discipline_office: Unit

    secretary: Person
    president: Person
    discipline_secretary: Person
    vp: Person
    vp2: Person
    office: Person
    office2: Person
    discipline: Person
    discipline2: Person
    head: Person
    deputy: Person
    liaison: Person
    staff: Person
    head2: Person
    staff2: Person
    head3: Person
    supervisor: Person
    administrator: Person
    stranger: Person

    campaign: Campaign
    category: Category

    def people(self):
        """Everybody by name, for the whole table of who may what."""
        return {name: who for name, who in vars(self).items() if isinstance(who, Person)}

    def who_may(self, permission, subject=None):
        return {n for n, who in self.people().items() if again(who).has_perm(permission, subject)}


def small_hospital():
    """vp is in charge of outpatient and laboratory, vp2 of surgery; head, deputy, liaison and staff
    work in outpatient, head2 and staff2 in surgery, head3 in the laboratory.
    """
    bureau = BureauFactory(name="市卫生健康委")
    unit = HospitalFactory(name="市第一人民医院", parent=bureau)
    outpatient = UnitFactory(name="门诊部", parent=unit, serves_patients=True)
    surgery = UnitFactory(name="普外科", parent=unit)
    laboratory = UnitFactory(name="检验科", parent=unit, category=UnitCategory.MEDICAL_TECHNICAL)
    desks = {"parent": unit, "category": UnitCategory.ADMINISTRATIVE}
    campaign_office = UnitFactory(name="院办", **desks)
    discipline_office = UnitFactory(name="纪检监察室", **desks)
    campaign = CampaignFactory(name="作风建设集中整顿", code="ZF", host=unit)
    return Hospital(
        bureau=bureau,
        unit=unit,
        outpatient=outpatient,
        surgery=surgery,
        laboratory=laboratory,
        campaign_office=campaign_office,
        discipline_office=discipline_office,
        secretary=holder(PostKind.SECRETARY, unit, "书记"),
        president=holder(PostKind.PRESIDENT, unit, "院长"),
        discipline_secretary=holder(PostKind.DISCIPLINE_SECRETARY, unit, "纪委书记"),
        vp=holder(PostKind.VICE_PRESIDENT, unit, "副院长甲", [outpatient, laboratory]),
        vp2=holder(PostKind.VICE_PRESIDENT, unit, "副院长乙", [surgery]),
        office=holder(PostKind.CAMPAIGN_OFFICE, unit, "整治办甲"),
        office2=holder(PostKind.CAMPAIGN_OFFICE, unit, "整治办乙"),
        discipline=holder(PostKind.DISCIPLINE_OFFICE, unit, "纪检甲"),
        discipline2=holder(PostKind.DISCIPLINE_OFFICE, unit, "纪检乙"),
        head=holder(PostKind.HEAD, outpatient, "门诊主任"),
        deputy=holder(PostKind.DEPUTY, outpatient, "门诊副主任"),
        liaison=holder(PostKind.LIAISON, outpatient, "门诊联络员"),
        staff=holder(PostKind.STAFF, outpatient, "门诊护士"),
        head2=holder(PostKind.HEAD, surgery, "普外主任"),
        staff2=holder(PostKind.STAFF, surgery, "普外医生"),
        head3=holder(PostKind.HEAD, laboratory, "检验主任"),
        supervisor=holder(PostKind.CAMPAIGN_OFFICE, bureau, "局督导员"),
        administrator=PersonFactory(name="系统管理员", is_administrator=True),
        stranger=holder(PostKind.HEAD, UnitFactory(name="外院科室"), "外院主任"),
        campaign=campaign,
        category=CategoryFactory(campaign=campaign, name="麻痹懈怠、服务不够"),
    )


@pytest.fixture
def hospital(db):
    return small_hospital()
