"""Elections, their boxes, and what came out of them. Nothing here leads to a person."""

from ballots.models.box import Box, BoxKind, BoxShard, Door, SlipCode
from ballots.models.counted import BoardEntry, BoxTally, Comment
from ballots.models.election import Election

__all__ = [
    "BoardEntry",
    "Box",
    "BoxKind",
    "BoxShard",
    "BoxTally",
    "Comment",
    "Door",
    "Election",
    "SlipCode",
]
