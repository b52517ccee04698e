"""Something for the trail to speak of, without any app above it."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType


class Clerk:
    """Somebody who acts."""

    def __init__(self, pk=7, name="李敏"):
        self.pk = pk
        self.name = name

    def __str__(self):
        return self.name


def subject(pk=1):
    return ContentType(pk=pk, app_label="ward", model="bed")
