"""Whom a message reaches, and what it says."""

from messaging.queries.messages import MOST_LINES, Message, compose, digest_of
from messaging.queries.reach import Reach, hours, reach, reach_of

__all__ = [
    "MOST_LINES",
    "Message",
    "Reach",
    "compose",
    "digest_of",
    "hours",
    "reach",
    "reach_of",
]
