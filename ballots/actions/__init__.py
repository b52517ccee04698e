"""Everything that happens to a ballot box."""

from ballots.actions.casting import GRACE, Accepted, NotTakenError, Why, cast
from ballots.actions.counting import BoxContent, close, contents, destroy, unlocked
from ballots.actions.freezing import BoxPlan, enlarge, freeze, recover, sign
from ballots.actions.slips import print_slips
from ballots.actions.spares import destroy_leftovers, keep_spare, put_back_spare

__all__ = [
    "GRACE",
    "Accepted",
    "BoxContent",
    "BoxPlan",
    "NotTakenError",
    "Why",
    "cast",
    "close",
    "contents",
    "destroy",
    "destroy_leftovers",
    "enlarge",
    "freeze",
    "keep_spare",
    "print_slips",
    "put_back_spare",
    "recover",
    "sign",
    "unlocked",
]
