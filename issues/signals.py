"""What this app tells those above it."""

from django.dispatch import Signal

issue_confirmed = Signal()
"""Sent inside the transaction that confirms: ``issue`` (locked, with all that was understood of it;
its new state is written on leaving) and ``by``."""

issue_merged = Signal()
"""Sent inside the transaction that merges: ``issue``, ``into`` and ``by``."""
