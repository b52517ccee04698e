"""Rounds whose results are out, made without voting: the counts are given, what is published of
them is worked out as at every count.
"""

import datetime as dt
import json
import uuid
from dataclasses import replace

from django.utils import timezone

from ballots.models import Box, BoxKind, Comment, Election
from campaign.models import Letterhead
from evaluations import actions
from evaluations.counting.ladder import Rung
from evaluations.counting.publishing import publish
from evaluations.counting.rules import GradingRules
from evaluations.counting.scoring import ElectorateCount, result
from evaluations.counting.tally import BoxCount
from evaluations.documents.letter import issue
from evaluations.models import DIMENSIONS, Electorate, Publication, Round, Subject
from evaluations.queries.manifest import CHIPS
from evaluations.states import RoundState
from tests.people import again

GOOD = (0, 6, 3, 2, 1, 0)
FAIR = (0, 3, 5, 3, 1, 0)
MIDDLING = (0, 1, 5, 3, 3, 0)
POOR = (0, 1, 2, 3, 6, 0)
LOWER = (0, 0, 2, 3, 7, 0)
FEW = (0, 1, 1, 1, 1, 0)
"""Twelve answers in one dimension, blanks first; of FEW there are too few for a grade."""


def counted(*dimensions, eligible=12):
    """One electorate that answered so in each of the four dimensions."""
    ballots = max(sum(counts) for counts in dimensions)
    box = BoxCount(tuple(dimensions), accepted=ballots, valid=ballots, abstained=0)
    return [ElectorateCount("A", "A", 100, eligible, box)]


def cells(counts, rules=None):
    rules = rules or GradingRules()
    voted = counted(*(counts if isinstance(counts[0], tuple) else (counts,) * 4))
    return publish(result(voted, rules), voted, rules)


def a_published_round(
    hospital, answers, *, days_ago=10, state=RoundState.PUBLISHED, score=None, **facts
):
    """``answers`` are {(head, unit): counts}; published so many days ago, closed the day before.

    A ``score`` that cannot be is easily found where it must not stand.
    """
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    closes_at = timezone.now() - dt.timedelta(days=days_ago + 1)
    campaign = facts.pop("campaign", hospital.campaign)
    number = actions.next_number(campaign)
    election = Election.objects.create(
        opens_at=closes_at - dt.timedelta(days=3),
        closes_at=closes_at,
        board='{"format":1,"boxes":[]}',
        manifest=json.dumps({"chips": CHIPS}),
    )
    facts.setdefault("name", f"第{number}次背靠背评议")
    round_ = Round.objects.create(
        campaign=campaign,
        number=number,
        period_from=day - dt.timedelta(days=180),
        period_to=day - dt.timedelta(days=5),
        tickets_from=closes_at - dt.timedelta(days=4),
        opens_at=election.opens_at,
        closes_at=closes_at,
        dimensions=list(DIMENSIONS),
        grading=GradingRules().to_json(),
        state=state,
        election=election,
        counted_on=day,
        published_on=day if state == RoundState.PUBLISHED else None,
        **facts,
    )
    for position, ((head, unit), counts) in enumerate(answers.items()):
        subject = Subject.objects.create(
            round=round_, person=head, unit=unit, post_title="主任", position=position
        )
        shown = cells(counts)
        if score is not None:
            shown = replace(shown, score=score)
        Publication.objects.create(
            subject=subject,
            grade=shown.grade or "",
            score=shown.score,
            cells=shown.to_json(),
            rules_version="1",
        )
        box = Box.objects.create(
            id=uuid.uuid4(), election=election, kind=BoxKind.COMMENT, eligible=12, capacity=16
        )
        Electorate.objects.create(
            subject=subject, box=box, is_for_comments=True, label="A", eligible=12
        )
    return Round.objects.get(pk=round_.pk)


def heads(hospital):
    """门诊主任 and 普外主任."""
    return (hospital.head, hospital.outpatient), (hospital.head2, hospital.surgery)


def a_poor_round(hospital, **facts):
    """门诊主任 poor, 普外主任 good."""
    first, second = heads(hospital)
    return a_published_round(hospital, {first: POOR, second: GOOD}, **facts)


def subject_of(round_, head):
    return round_.subjects.select_related("round__campaign", "person", "unit").get(person=head)


def confirmed(subject, hospital, *, is_confirmed=True, confirmed_for="经研究，情况属实"):
    return actions.confirm_grade(
        subject,
        by=again(hospital.secretary),
        is_confirmed=is_confirmed,
        reason=confirmed_for,
        decided_on=timezone.localdate(),
    )


def decided(subject, hospital, rung=None, *, reason="按规定处理", **facts):
    confirmation = confirmed(subject, hospital, **facts)
    return actions.decide_consequence(
        confirmation,
        by=again(hospital.secretary),
        rung=rung or confirmation.proposed,
        reason=reason,
        decided_on=timezone.localdate(),
    )


def an_execution(hospital, rung=Rung.REMINDER_LETTER, **facts):
    today = timezone.localdate()
    talk = None
    if rung == Rung.ADMONITION_TALK:
        talk = actions.Talk(
            interviewer=hospital.discipline_secretary,
            recorder=hospital.discipline,
            place="小会议室",
            starts_at=dt.time(9, 30),
            content="指出群众反映的服务态度问题，听取本人说明。",
        )
    number = facts.pop("number", 7) if rung == Rung.REMINDER_LETTER else None
    due = today + dt.timedelta(days=14) if rung != Rung.TRANSFER_OR_REMOVAL else None
    facts = {"text": "请端正服务态度，规范窗口接待。", "reply_due_on": due, **facts}
    return actions.Execution(on=today, number=number, talk=talk, **facts)


def carried_out(subject, hospital, rung=None, **facts):
    measure = decided(subject, hospital, rung, **facts)
    return issue(
        measure, by=again(hospital.discipline), execution=an_execution(hospital, measure.rung)
    )


def a_letterhead(hospital):
    return Letterhead.objects.get_or_create(
        unit=hospital.unit,
        defaults={"mark": "市第一人民医院文件", "number_word": "市一医函", "has_seal": True},
    )[0]


def comments(subject, *texts, chips=()):
    """Written about a head, as the count takes them out of the box: phrases by their number."""
    box = subject.electorates.get(is_for_comments=True).box
    offered = subject.round.election.description["chips"]
    numbers = [offered.index(chip) + 1 for chip in chips]
    return [Comment.objects.create(box=box, text=text, chips=numbers) for text in texts]
