"""The office's side of a vote, as a process of its own beside the web server: one JSON line, one answer."""

import datetime as dt
import json
import sys
from base64 import b64encode

DAY = dt.timedelta(days=1)


def build(heads, voters, password="", group=""):
    """Frozen rounds about one head each, every one with voters of its own."""
    from django.db import transaction

    with transaction.atomic():
        return [_round(number, voters, password, group) for number in range(1, heads + 1)]


def _round(number, voters, password, group):
    from django.utils import timezone

    from ballots import actions, sealing
    from ballots.models import Election
    from evaluations.models import Electorate, RollEntry, Round, Subject
    from evaluations.queries import shuffled
    from evaluations.states import RoundState
    from organisation.models import PostKind
    from tests.campaign.factories import CampaignFactory
    from tests.organisation.factories import HospitalFactory, PersonFactory, UnitFactory, holder

    now = timezone.now()
    host = HospitalFactory(name=f"医院{group}{number}")
    unit = UnitFactory(name="门诊部", parent=host)
    code = f"ZF{group}{number}"
    campaign = CampaignFactory(name=f"集中整顿{group}{number}", code=code, host=host)
    numbers = [f"{group}{number}-{at:03}" for at in range(voters)]
    people = [
        holder(PostKind.STAFF, unit, f"职工{each}", employee_number=each, password=password)
        for each in numbers
    ]
    head = PersonFactory(employee_number=f"H{group}{number}", name=f"主任{number}")
    private, public = sealing.new_seal_key()
    shares = [sealing.new_share() for _each in range(3)]
    election = Election.objects.create(
        title=f"第{number}轮", opens_at=now - DAY, closes_at=now + DAY, seal_key=public
    )
    election.wrapped_seal = sealing.wrap(private, shares, election.pk.bytes)
    plans = [
        actions.BoxPlan(kind="grade", eligible=voters, dimensions=4),
        actions.BoxPlan(kind="comment", eligible=voters),
    ]
    boxes = actions.freeze(
        election, plans, manifest=lambda boxes, key: {"boxes": boxes, "acceptance_key": key}
    )
    round_ = Round.objects.create(
        campaign=campaign,
        number=1,
        name=f"第{number}轮",
        period_from=now.date() - 90 * DAY,
        period_to=now.date(),
        tickets_from=now - 2 * DAY,
        opens_at=now - DAY,
        closes_at=now + DAY,
        state=RoundState.FROZEN,
        election=election,
    )
    subject = Subject.objects.create(round=round_, person=head, unit=unit, post_title="主任")
    for box, is_for_comments in zip(boxes, (False, True), strict=True):
        electorate = Electorate.objects.create(
            subject=subject, box=box, is_for_comments=is_for_comments, label="B", eligible=voters
        )
        by_pk = {person.pk: person for person in people}
        RollEntry.objects.bulk_create(
            RollEntry(electorate=electorate, person=by_pk[pk]) for pk in shuffled(by_pk)
        )
    return {
        "round": round_.pk,
        "election": str(election.pk),
        "seal": b64encode(public).decode(),
        "shares": shares,
        "boxes": {box.kind: [str(box.pk), b64encode(box.public_key).decode()] for box in boxes},
        "voters": {person.employee_number: person.pk for person in people},
    }


def count(election, shares):
    from django.db import transaction

    from ballots import actions
    from ballots.models import Election
    from evaluations.models import RollEntry

    with transaction.atomic():
        row = Election.objects.select_for_update().get(pk=election)
        contents = actions.contents(row, actions.unlocked(row, *shares))
        actions.close(row, contents)
        RollEntry.objects.filter(electorate__box__election=row).update(digest=None)
    return {content.box.kind: content.accepted for content in contents}


def inside(election):
    """Receipts of what lies in the boxes now, which only a test may ask before the count."""
    from django.db import transaction

    from ballots import actions, sealing
    from ballots.models import Election

    row = Election.objects.get(pk=election)
    with transaction.atomic():
        return [
            sealing.receipt(content.box.pk, slot.credential, slot.sealed)
            for content in actions.contents(row, _any_seal_key())
            for slot in content.slots
        ]


def _any_seal_key():
    from ballots import sealing

    private, _public = sealing.new_seal_key()
    return private


def recover(election, shares):
    from ballots import actions
    from ballots.models import Election

    row = Election.objects.get(pk=election)
    actions.recover(row, actions.unlocked(row, *shares))


def main():
    import django

    django.setup()
    from django.db import close_old_connections

    for line in sys.stdin:
        close_old_connections()
        said = json.loads(line)
        answer = globals()[said.pop("do")](**said)
        sys.stdout.write(f"answer:{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
