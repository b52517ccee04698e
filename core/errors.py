"""What a person can be told when the answer is no."""

from __future__ import annotations


class ActionRefusedError(Exception):
    """An action that may not be done now, with a sentence for the person who tried.

    Pages put the sentence into the form and answer 422.
    """
