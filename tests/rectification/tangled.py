"""A ledger in which people did several things and hold several posts."""

from issues.models import Source
from organisation.models import PostKind
from rectification.states import State
from tests.organisation.factories import PostFactory, UnitFactory
from tests.rectification.factories import EvidenceFactory, ProgressUpdateFactory, an_item


def a_tangled_ledger(hospital):
    """Items in every state."""
    section = UnitFactory(name="普外一组", parent=hospital.surgery)
    PostFactory(person=hospital.office, unit=section, kind=PostKind.STAFF)
    PostFactory(person=hospital.vp2, unit=hospital.surgery, kind=PostKind.HEAD)
    items = []
    for state in State.values:
        items += [
            an_item(hospital, **{state: True}),
            an_item(
                hospital,
                **{state: True},
                lead_department=hospital.surgery,
                responsible_leader=hospital.vp2,
                attempt__applied_by=hospital.head2,
                attempt__checked_by=hospital.vp2,
            )
            if state not in {"verified", "on_notice", "closed", "continuing"}
            else an_item(
                hospital,
                **{state: True},
                lead_department=hospital.surgery,
                for_all_departments=True,
            ),
            an_item(
                hospital,
                **{state: True},
                assignee=hospital.discipline,
                responsible_departments=[hospital.laboratory],
                source=Source.REPORT,
            ),
        ]
    for item in items[::2]:
        EvidenceFactory(item=item, uploaded_by=hospital.discipline2)
        ProgressUpdateFactory(item=item, by=hospital.vp2)
    for item in items[1::4]:
        item.measures.update(done_by=hospital.office2)
    return items
