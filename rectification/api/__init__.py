"""The ledger for programs."""

from rectification.api.ledger import LedgerViewSet

__all__ = ["LedgerViewSet"]
