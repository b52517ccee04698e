"""What waits for whose hand after an evaluation: one definition for home, list and digest.

Nothing here names a head or a grade: the lines go into messages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ballots.models import Comment
from campaign.models import rules_of_all, scope_of
from campaign.queries import everybodys_scopes
from evaluations.counting.rules import Grade
from evaluations.models import Appeal, Confirmation, Consequence, Round, Subject
from evaluations.queries.comments import COUNTED, RELEASED
from evaluations.states import AppealState, ConsequenceState, RoundState
from messaging.sources import Group, Line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from campaign.models import Scope
    from messaging.sources import Counts
    from organisation.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to be done: for whom, which rows, and where they are done.

    ``rows`` are of any round. ``subject`` leads from a row to the evaluated head, who may not do it
    himself unless ``is_his``: then nobody else does. ``named`` leads to people who hold it besides
    those of the scope. ``url`` gets the round and the key of a head.
    """

    key: str
    label: StrOrPromise
    rows: Callable[[dt.date], QuerySet]
    subject: str
    url: Callable[[Round, int], str]
    holders: Callable[[Scope], frozenset[int]] = lambda scope: frozenset()
    named: str = ""
    is_his: bool = False

    @property
    def prefix(self) -> str:
        return f"{self.subject}__" if self.subject else ""

    def of(self, person: Person, day: dt.date) -> QuerySet:
        """What waits for this person."""
        rows, at = self.rows(day), self.prefix
        if self.is_his:
            return rows.filter(**{f"{at}person": person.pk})
        held = rows.filter(**{f"{at}round__campaign__in": self.holders(scope_of(person))})
        if self.named:
            rounds = Round.objects.filter(**{self.named: person.pk})
            held = held | rows.filter(**{f"{at}round__in": rounds.values("pk")})
        return held.exclude(**{f"{at}person": person.pk})


def _head_page(page: str) -> Callable[[Round, int], str]:
    return lambda round_, subject: reverse(page, args=[round_.campaign_id, round_.number, subject])


def _comments_page(round_: Round, _subject: int) -> str:
    return reverse("results:comments", args=[round_.campaign_id, round_.number])


def _principal(scope: Scope) -> frozenset[int]:
    return scope.principal


def _discipline(scope: Scope) -> frozenset[int]:
    return scope.discipline


def _published_poor() -> QuerySet:
    return Subject.objects.filter(
        publication__grade=Grade.POOR, round__state=RoundState.PUBLISHED, confirmation=None
    )


def _all_reviewed() -> QuerySet:
    """Comments of rounds in which each is decided on, and nobody has released them."""
    same_round = Comment.objects.filter(box__election=OuterRef("box__election"), review=None)
    return Comment.objects.filter(
        ~Q(box__election__board__contains=RELEASED),
        ~Exists(same_round),
        box__electorate__subject__round__state__in=COUNTED,
    )


DUTIES = (
    Duty(
        key="confirm_grade",
        label=pgettext_lazy("queue", "Decide on the confirmation of evaluations"),
        rows=lambda day: _published_poor(),
        subject="",
        holders=_principal,
        url=_head_page("results:confirm"),
    ),
    Duty(
        key="decide_consequence",
        label=pgettext_lazy("queue", "Decide on measures after an evaluation"),
        rows=lambda day: Confirmation.objects.filter(is_confirmed=True, consequence=None),
        subject="subject",
        holders=_principal,
        url=_head_page("results:decide"),
    ),
    Duty(
        key="judge_appeal",
        label=pgettext_lazy("queue", "Answer appeals against an evaluation"),
        rows=lambda day: Appeal.objects.filter(state=AppealState.FILED),
        subject="subject",
        holders=_principal,
        url=_head_page("results:judge"),
    ),
    Duty(
        key="review_comments",
        label=pgettext_lazy("queue", "Review comments of an evaluation"),
        rows=lambda day: Comment.objects.filter(
            box__electorate__subject__round__state__in=COUNTED, review=None
        ),
        subject="box__electorate__subject",
        holders=_discipline,
        named="comment_reviewers",
        url=_comments_page,
    ),
    Duty(
        key="release_comments",
        label=pgettext_lazy("queue", "Release the comments of an evaluation"),
        rows=lambda day: _all_reviewed(),
        subject="box__electorate__subject",
        holders=_discipline,
        named="comment_reviewers",
        url=_comments_page,
    ),
    Duty(
        key="carry_out",
        label=pgettext_lazy("queue", "Carry out measures after an evaluation"),
        rows=lambda day: Consequence.objects.filter(state=ConsequenceState.DECIDED),
        subject="confirmation__subject",
        holders=_discipline,
        url=_head_page("results:carry_out"),
    ),
    Duty(
        key="follow_up",
        label=pgettext_lazy("queue", "Follow up measures after an evaluation"),
        rows=lambda day: Consequence.objects.filter(
            state__in=[ConsequenceState.CARRIED_OUT, ConsequenceState.ANSWERED],
            follow_up_on__lte=day,
        ),
        subject="confirmation__subject",
        holders=_discipline,
        url=_head_page("results:follow_up"),
    ),
    Duty(
        key="chase_answer",
        label=pgettext_lazy("queue", "Ask for answers after an evaluation that are overdue"),
        rows=lambda day: Consequence.objects.filter(
            state=ConsequenceState.CARRIED_OUT, reply_due_on__lt=day
        ),
        subject="confirmation__subject",
        holders=_discipline,
        url=_head_page("results:head"),
    ),
    Duty(
        key="answer_consequence",
        label=pgettext_lazy("queue", "Answer in writing about your evaluation"),
        rows=lambda day: Consequence.objects.filter(
            state=ConsequenceState.CARRIED_OUT, reply_due_on__isnull=False
        ),
        subject="confirmation__subject",
        is_his=True,
        url=_head_page("results:answer"),
    ),
)
"""In the order in which a leader, the discipline office and a head expect them."""


def duties_of(person: Person) -> list[Duty]:
    """Those that can fall to this person at all, for a list; who is only named has few."""
    scope = scope_of(person)
    return [duty for duty in DUTIES if duty.is_his or duty.named or duty.holders(scope)]


def waiting_rows(
    duty: Duty, person: Person, day: dt.date, campaign: int
) -> list[tuple[Subject, int]]:
    """What waits for this person under one duty in one campaign: each head with how much."""
    at = duty.prefix
    rows = duty.of(person, day).filter(**{f"{at}round__campaign": campaign})
    found = Counter(rows.order_by().values_list(f"{at}pk", flat=True))
    subjects = Subject.objects.filter(pk__in=found).select_related("round", "person", "unit")
    ordered = subjects.order_by("-round__number", "position", "pk")
    return [(subject, found[subject.pk]) for subject in ordered]


def waiting_groups(
    person: Person, day: dt.date, campaigns: set[int]
) -> Iterator[tuple[str, Group]]:
    """A group for each duty, under its key; in it a line for each round: how much, and where."""
    for duty in duties_of(person):
        at = duty.prefix
        found = Counter[int]()
        first: dict[int, int] = {}
        rows = duty.of(person, day).filter(**{f"{at}round__campaign__in": campaigns})
        for round_, subject in rows.order_by("pk").values_list(f"{at}round", f"{at}pk"):
            found[round_] += 1
            first.setdefault(round_, subject)
        rounds = Round.objects.filter(pk__in=found).newest_first() if found else ()
        lines = [_line(duty, one, found[one.pk], first[one.pk]) for one in rounds]
        yield duty.key, Group(duty.label, found.total(), lines)


def _line(duty: Duty, round_: Round, count: int, subject: int) -> Line:
    if count == 1 or duty.url is _comments_page:
        url = duty.url(round_, subject)
    else:
        url = reverse("results:waiting", args=[round_.campaign_id, duty.key])
    return Line(round_.name, url, _("%(n)s to do") % {"n": count})


def lines(person: Person, day: dt.date, *, most: int) -> Iterator[Group]:
    """One person's duties in the campaigns that send digests: a round with a duty is one thing."""
    for _key, group in waiting_groups(person, day, _with_digest()):
        yield Group(group.label, len(group.lines), group.lines[:most])


def _with_digest() -> set[int]:
    return {pk for pk, rules in rules_of_all().items() if rules.digest}


def people(day: dt.date) -> Counts:
    """Everybody with a duty, and in how many rounds of each campaign. A fixed number of queries."""
    campaigns = _with_digest()
    scopes = everybodys_scopes(day)
    named = _named_reviewers()
    found: set[tuple[int, int, int, str]] = set()
    for duty in DUTIES:
        at = duty.prefix
        rows = duty.rows(day).filter(**{f"{at}round__campaign__in": campaigns})
        columns = (f"{at}round__campaign", f"{at}round", f"{at}person")
        for campaign, round_, head in rows.order_by().values_list(*columns).distinct():
            if duty.is_his:
                holders = {head}
            else:
                holders = {pk for pk, scope in scopes.items() if campaign in duty.holders(scope)}
                holders |= named[round_] if duty.named else set()
                holders.discard(head)
            found |= {(person, campaign, round_, duty.key) for person in holders}
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for person, campaign, _round, _duty in found:
        counts[person][campaign] += 1
    return {person: dict(campaigns) for person, campaigns in counts.items()}


def _named_reviewers() -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for round_, person in Round.comment_reviewers.through.objects.values_list("round", "person"):
        found[round_].add(person)
    return found
