"""How often one person (or one token of his) may ask."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

MINUTE = 60


class RequestsAMinute(BaseThrottle):
    """Counts in the cache, by one step that cannot be run past: requests sent together all count."""

    setting: ClassVar[str] = "API_RATE"

    def allow_request(self, request: Request, view: APIView) -> bool:
        limit: int = getattr(settings, self.setting)
        if not limit or not self.counts(request):
            return True
        self.now = time.time()
        who = f"token-{request.auth.pk}" if request.auth else f"person-{request.user.pk}"
        key = f"{self.setting}:{who}:{int(self.now // MINUTE)}"
        cache.add(key, 0, 2 * MINUTE)
        return cache.incr(key) <= limit

    def counts(self, request: Request) -> bool:
        return True

    def wait(self) -> float:
        return MINUTE - self.now % MINUTE


class ActsAMinute(RequestsAMinute):
    setting = "API_ACT_RATE"

    def counts(self, request: Request) -> bool:
        return request.method not in SAFE_METHODS
