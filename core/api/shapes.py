"""Shapes that several resources answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

if TYPE_CHECKING:
    from django.db.models import Model


class Named(serializers.Serializer[Any]):
    """A unit or a person: its id, which bodies and filters take, and its name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


def named(row: Model | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "name": str(row)}
