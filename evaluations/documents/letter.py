"""The reminder letter (提醒函) in the letter format, and how a measure's paper is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.models import Letterhead
from core.documents import MissingGlyphError
from core.errors import ActionRefusedError
from core.official import Layout, Number, OfficialPaper, Paragraph, render_official
from core.official.paper import written_date
from core.workflow import locked
from evaluations import actions, states
from evaluations.actions.deciding import refuse_incomplete
from evaluations.counting.ladder import Rung
from evaluations.counting.publication import Publication as Published
from evaluations.documents.talk import talk_paper
from evaluations.models import Consequence
from evaluations.queries.outcomes import low_dimensions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluations.actions import Execution
    from organisation.models import Person

NAMES: dict[str, str] = {
    Rung.REMINDER_LETTER: "提醒函",
    Rung.ADMONITION_TALK: "诫勉谈话记录",
}
LETTER_NOTE = "此件涉及个人，请妥善保管，不得复印、传播"


def letter_paper(
    consequence: Consequence, execution: Execution, *, is_draft: bool
) -> OfficialPaper:
    """The letter to the head: what it rests on, what was low, what is expected, until when.

    No count of votes and nobody else stands in it. Without its number it is a draft.
    """
    subject = consequence.subject
    host = subject.round.campaign.host
    letterhead = Letterhead.objects.filter(unit=host).first() or Letterhead(unit=host)
    year = execution.on.year
    number = (
        Number(letterhead.number_word)
        if is_draft
        else Number(letterhead.number_word, year, execution.number)
    )
    return OfficialPaper(
        layout=Layout.LETTER,
        mark=letterhead.mark and letterhead.signing_organ,
        number=number,
        title="关于背靠背评议结果的提醒函",
        recipient=f"{subject.unit.name}{subject.post_title}{subject.person.name}同志",
        body=list(_body(consequence, execution)),
        signature=letterhead.signing_organ,
        date=None if is_draft else execution.on,
        has_seal=letterhead.has_seal,
        note=LETTER_NOTE,
        is_draft=is_draft,
        author=letterhead.signing_organ,
        subject="工作提醒函",
    )


def _body(consequence: Consequence, execution: Execution) -> Iterator[Paragraph]:
    round_ = consequence.subject.round
    confirmed = consequence.confirmation.decided_on
    yield Paragraph(
        f"根据{round_.campaign.name}背靠背评议有关规定，在{round_.name}"
        f"（评议期间{written_date(round_.period_from)}至{written_date(round_.period_to)}）中，"
        f"你的评议结果为“差”，已于{written_date(confirmed)}经党委研究认定。现予提醒。"
    )
    if low := low_in(consequence):
        yield Paragraph(f"评议中，你在{'、'.join(low)}方面的评价相对较低，应当引起重视。")
    yield Paragraph(f"{execution.text.strip()}", "整改要求")
    if execution.reply_due_on:
        yield Paragraph(
            f"请认真对照检查，制定改进措施，并于{written_date(execution.reply_due_on)}前书面回复。"
            f"党委将于{written_date(execution.follow_up_on)}前后进行回访。"
        )


def low_in(consequence: Consequence) -> list[str]:
    """The low dimensions as far as they were published."""
    subject = consequence.subject
    return low_dimensions(Published.from_json(subject.publication.cells), subject.round)


def issue(consequence: Consequence, *, by: Person, execution: Execution) -> Consequence:
    """Draw the paper of a measure and carry it out with it; a transfer has no paper of ours.

    The measure is locked all the while. A character that no font has, named with its place, or any
    other refusal leaves everything as it was. Takes about a second.
    """
    with locked(consequence, permission=states.CARRY_OUT.permission, by=by) as row:
        paper = b""
        if row.state in states.CARRY_OUT.sources and row.rung in Consequence.PAPERS:
            refuse_incomplete(row, execution)
            paper = drawn(row, execution, is_draft=False)
        return actions.carry_out(row, by=by, execution=execution, paper=paper)


def drawn(consequence: Consequence, execution: Execution, *, is_draft: bool) -> bytes:
    """The paper as it is (or would be) issued."""
    if consequence.rung == Rung.REMINDER_LETTER:
        paper = letter_paper(consequence, execution, is_draft=is_draft)
    else:
        paper = talk_paper(consequence, execution, is_draft=is_draft)
    try:
        return render_official(paper)
    except MissingGlyphError as missing:
        raise ActionRefusedError(str(missing)) from missing
