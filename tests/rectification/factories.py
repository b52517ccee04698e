"""Ledger items in every state, each with the attempts that its state implies."""

import datetime as dt
import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from campaign.models import Campaign
from core.text import search_form
from issues.models import RectificationClass, Source
from rectification.models import (
    NO_LET_GO,
    Attempt,
    Evidence,
    LedgerItem,
    Measure,
    Outcome,
    ProgressUpdate,
    Stage,
)
from rectification.states import UNDER_REVIEW, State
from tests.campaign.factories import CampaignFactory, days_from_now
from tests.issues.factories import IssueFactory
from tests.organisation.factories import PersonFactory, UnitFactory


def next_number(item):
    Campaign.objects.filter(pk=item.campaign.pk).update(ledger_counter=F("ledger_counter") + 1)
    return Campaign.objects.values_list("ledger_counter", flat=True).get(pk=item.campaign.pk)


class LedgerItemFactory(DjangoModelFactory):
    """Under rectification, due in 30 days, unless a trait says otherwise.

    ``attempt__applied_by=…`` and the like say who did what in the attempt of a state under review.
    """

    class Meta:
        model = LedgerItem
        skip_postgeneration_save = True

    class Params:
        drafting = factory.Trait(state=State.DRAFTING, original_due_on=None)
        awaiting_plan_approval = factory.Trait(
            state=State.AWAITING_PLAN_APPROVAL, original_due_on=None
        )
        awaiting_claim = factory.Trait(state=State.AWAITING_CLAIM)
        objected = factory.Trait(state=State.OBJECTED, objection="不属于本科室职责")
        rectifying = factory.Trait(state=State.RECTIFYING)
        applied = factory.Trait(state=State.APPLIED)
        checked = factory.Trait(state=State.CHECKED)
        verified = factory.Trait(state=State.VERIFIED)
        on_notice = factory.Trait(state=State.ON_NOTICE)
        closed = factory.Trait(
            state=State.CLOSED, closed_on=factory.LazyFunction(timezone.localdate)
        )
        continuing = factory.Trait(
            state=State.CONTINUING,
            rectification_class=RectificationClass.LONG_TERM,
            closed_on=factory.LazyFunction(timezone.localdate),
            review_on=days_from_now(180),
        )
        voided = factory.Trait(state=State.VOIDED)
        overdue = factory.Trait(due_on=days_from_now(-2))
        near = factory.Trait(due_on=days_from_now(1))

    campaign = factory.SubFactory(CampaignFactory)
    number = factory.LazyAttribute(next_number)
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    issue = factory.SubFactory(
        IssueFactory,
        confirmed=True,
        campaign=factory.SelfAttribute("..campaign"),
        text=factory.SelfAttribute("..text"),
    )
    text = factory.Sequence(lambda n: f"门诊窗口排队时间长,解释不耐心({n})")
    source = Source.INTERNAL
    rectification_class = RectificationClass.PHASED
    target = "患者平均候诊时间不超过三十分钟"
    responsible_leader = factory.SubFactory(PersonFactory)
    lead_department = factory.LazyAttribute(lambda item: UnitFactory(parent=item.campaign.host))
    due_on = days_from_now(30)
    original_due_on = factory.SelfAttribute("due_on")
    state = State.RECTIFYING
    search_text = factory.LazyAttribute(lambda item: search_form(f"{item.text}\n{item.target}"))

    @factory.post_generation
    def responsible_departments(self, create, extracted, **kwargs):
        if create and extracted:
            self.responsible_departments.set(extracted)

    @factory.post_generation
    def measures(self, create, extracted, **kwargs):
        if create:
            for position, text in enumerate(extracted or ["增开弹性窗口", "公布候诊时间"]):
                Measure.objects.create(item=self, text=text, due_on=self.due_on, position=position)

    @factory.post_generation
    def attempt(self, create, extracted, **people):
        if create and (self.state in UNDER_REVIEW or self.closed_on):
            AttemptFactory(item=self, reached=self.state, **people)


class AttemptFactory(DjangoModelFactory):
    """An application with the verdicts that the item's state (``reached``) says it has."""

    class Meta:
        model = Attempt
        skip_postgeneration_save = True

    class Params:
        reached = State.APPLIED
        returned = factory.Trait(
            outcome=Outcome.RETURNED,
            returned_at_stage=Stage.VERIFICATION,
            returned_by=factory.SubFactory(PersonFactory),
            return_reasons=["no_effect_shown"],
            return_note="请补充整改前后的候诊时间",
            ended_at=factory.LazyFunction(timezone.now),
        )

    item = factory.SubFactory(LedgerItemFactory)
    number = factory.LazyAttribute(lambda attempt: attempt.item.attempts_count + 1)
    statement = "已增开弹性窗口,平均候诊时间降至二十二分钟。"
    applied_by = factory.SubFactory(PersonFactory)
    outcome = factory.LazyAttribute(
        lambda a: Outcome.PASSED if a.reached in CONCLUDED else Outcome.PENDING
    )
    ended_at = factory.LazyAttribute(lambda a: timezone.now() if a.reached in CONCLUDED else None)

    @factory.lazy_attribute
    def checked_by(self):
        return PersonFactory() if self.reached in PAST_CHECK else None

    @factory.lazy_attribute
    def checked_at(self):
        return timezone.now() if self.checked_by else None

    check_opinion = factory.LazyAttribute(lambda a: "情况属实,同意上报" if a.checked_by else "")

    @factory.lazy_attribute
    def verified_by(self):
        return PersonFactory() if self.reached in PAST_VERIFICATION else None

    @factory.lazy_attribute
    def verified_at(self):
        return timezone.now() if self.verified_by else None

    verification_opinion = factory.LazyAttribute(
        lambda a: "现场查看三日,候诊时间达标" if a.verified_by else ""
    )
    no_let_go = factory.LazyAttribute(
        lambda a: {key: True for key, _label in NO_LET_GO} if a.verified_by else {}
    )

    @factory.lazy_attribute
    def approved_by(self):
        return self.item.responsible_leader if self.reached in PAST_APPROVAL else None

    @factory.lazy_attribute
    def approved_at(self):
        return timezone.now() if self.approved_by else None

    @factory.post_generation
    def count(self, create, extracted, **kwargs):
        self.item.attempts_count = max(self.item.attempts_count, self.number)
        LedgerItem.objects.filter(pk=self.item.pk).update(attempts_count=self.item.attempts_count)

    @factory.lazy_attribute
    def notice_from(self):
        return timezone.localdate() if self.reached == State.ON_NOTICE else None

    @factory.lazy_attribute
    def notice_until(self):
        return self.notice_from + dt.timedelta(days=7) if self.notice_from else None


CONCLUDED = {State.CLOSED, State.CONTINUING}
PAST_APPROVAL = {State.ON_NOTICE, *CONCLUDED}
PAST_VERIFICATION = {State.VERIFIED, *PAST_APPROVAL}
PAST_CHECK = {State.CHECKED, *PAST_VERIFICATION}


class ProgressUpdateFactory(DjangoModelFactory):
    class Meta:
        model = ProgressUpdate

    item = factory.SubFactory(LedgerItemFactory)
    text = "已完成窗口改造"
    by = factory.SubFactory(PersonFactory)


class EvidenceFactory(DjangoModelFactory):
    """A photograph's record, without a file unless ``content`` is given."""

    class Meta:
        model = Evidence

    class Params:
        content = b""

    item = factory.SubFactory(LedgerItemFactory)
    kind = Evidence.Kind.EFFECT
    caption = "改造后的候诊区"
    file_name = factory.Sequence(lambda n: f"候诊区{n}.jpg")
    content_type = "image/jpeg"
    size = 1234
    sha256 = factory.LazyAttribute(lambda e: hashlib.sha256(e.file_name.encode()).hexdigest())
    path = factory.LazyAttribute(
        lambda e: (
            default_storage.save(f"evidence/test/{e.file_name}", ContentFile(e.content))
            if e.content
            else f"evidence/test/{e.file_name}"
        )
    )
    shown_path = factory.SelfAttribute("path")
    uploaded_by = factory.SubFactory(PersonFactory)


def an_item(hospital, **facts):
    """An item that outpatient leads and vp answers for; liaison applied, head checked it, office2 verified it."""
    people = {"applied_by": hospital.liaison}
    state = next((s for s in State if facts.get(s)), State.RECTIFYING)
    if state in PAST_CHECK:
        people["checked_by"] = hospital.head
    if state in PAST_VERIFICATION:
        people["verified_by"] = hospital.office2
    facts = {
        "campaign": hospital.campaign,
        "category": hospital.category,
        "lead_department": hospital.outpatient,
        "responsible_leader": hospital.vp,
        **{f"attempt__{name}": who for name, who in people.items()},
        **facts,
    }
    return LedgerItemFactory(**facts)
