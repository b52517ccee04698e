"""Ballots sealed to the commission, its key in three shares, and what a voter keeps of it.

Standard primitives only, as `cryptography` and every browser have them: RSA-OAEP, AES-GCM, HKDF,
Ed25519, SHA-256. `static/ballots/sealing.js` writes and reads the same bytes.
"""

from ballots.sealing.envelopes import (
    OVERHEAD,
    BrokenSealError,
    Unsealer,
    derive,
    is_seal_key,
    lock,
    new_seal_key,
    seal,
    unlock,
)
from ballots.sealing.payloads import (
    ANSWER_BYTES,
    COMMENT_BYTES,
    GRADE_BYTES,
    BadBallotError,
    CommentBallot,
    GradeBallot,
    SurveyAnswer,
)
from ballots.sealing.receipts import (
    accept,
    acceptance_key,
    acceptance_public,
    is_accepted,
    receipt,
)
from ballots.sealing.shares import ShareError, new_share, read_share, unwrap, wrap

__all__ = [
    "ANSWER_BYTES",
    "COMMENT_BYTES",
    "GRADE_BYTES",
    "OVERHEAD",
    "BadBallotError",
    "BrokenSealError",
    "CommentBallot",
    "GradeBallot",
    "ShareError",
    "SurveyAnswer",
    "Unsealer",
    "accept",
    "acceptance_key",
    "acceptance_public",
    "derive",
    "is_accepted",
    "is_seal_key",
    "lock",
    "new_seal_key",
    "new_share",
    "read_share",
    "receipt",
    "seal",
    "unlock",
    "unwrap",
    "wrap",
]
