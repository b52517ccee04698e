"""Everything that happens to a ballot box."""

from ballots.actions.casting import Accepted, NotTakenError, Why, cast
from ballots.actions.counting import BoxContent, close, contents, destroy, unlocked
from ballots.actions.freezing import BoxPlan, enlarge, freeze, recover, sign
from ballots.actions.slips import print_slips

__all__ = [
    "Accepted",
    "BoxContent",
    "BoxPlan",
    "NotTakenError",
    "Why",
    "cast",
    "close",
    "contents",
    "destroy",
    "enlarge",
    "freeze",
    "print_slips",
    "recover",
    "sign",
    "unlocked",
]
