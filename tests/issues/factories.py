"""Problems in every state, of a running campaign; each trait is a state of its own."""

import datetime as dt

import factory
from django.db.models import F
from factory.django import DjangoModelFactory

from campaign.models import Campaign
from core.text import search_form
from issues.models import Issue, RectificationClass
from issues.states import State
from tests.campaign.factories import CampaignFactory, days_from_now
from tests.organisation.factories import PersonFactory, UnitFactory


def next_number(campaign):
    """From the campaign's own counter, as the actions take it."""
    Campaign.objects.filter(pk=campaign.pk).update(issue_counter=F("issue_counter") + 1)
    campaign.refresh_from_db(fields=["issue_counter"])
    return campaign.issue_counter


class IssueFactory(DjangoModelFactory):
    """A problem awaiting review. ``confirmed=True`` also says who must put it right and by when."""

    class Meta:
        model = Issue
        skip_postgeneration_save = True

    class Params:
        complete = factory.Trait(
            rectification_class=RectificationClass.PHASED,
            target="患者平均候诊时间不超过三十分钟",
            measures="增开弹性窗口\n公布候诊时间",
            responsible_leader=factory.SubFactory(PersonFactory),
            lead_department=factory.LazyAttribute(
                lambda issue: UnitFactory(parent=issue.campaign.host)
            ),
            due_on=days_from_now(30),
        )
        confirmed = factory.Trait(complete=True, state=State.CONFIRMED)
        returned = factory.Trait(state=State.RETURNED, review_note="请写明发生的时间和地点")
        handed_over = factory.Trait(state=State.HANDED_OVER, review_note="涉嫌收受红包")
        rejected = factory.Trait(state=State.REJECTED, review_note="经了解不属实")
        merged = factory.Trait(
            state=State.MERGED,
            merged_into=factory.SubFactory(
                "tests.issues.factories.IssueFactory", campaign=factory.SelfAttribute("..campaign")
            ),
        )

    campaign = factory.SubFactory(CampaignFactory)
    number = factory.LazyAttribute(lambda issue: next_number(issue.campaign))
    text = factory.Sequence(lambda n: f"门诊窗口排队时间长,解释不耐心({n})")
    search_text = factory.LazyAttribute(lambda issue: search_form(issue.text))
    found_on = factory.LazyAttribute(lambda issue: issue.campaign.starts_on + dt.timedelta(days=3))
    reported_by = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def responsible_departments(self, create, extracted, **kwargs):
        if create and extracted:
            self.responsible_departments.set(extracted)
