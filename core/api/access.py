"""Who may ask at all: each operation names its permission, as each page does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class NeedsPermission(BasePermission):
    """``needs`` of the view, by operation; the rule on the row is asked by the action."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        needs: dict[str, str] = view.needs  # type: ignore[attr-defined]
        operation: str | None = getattr(view, "action", None)
        # No operation: the method is not known here, which is said after this.
        return operation is None or request.user.has_perm(needs[operation])


class TokenMayAct(BasePermission):
    """A token made for reading changes nothing, whatever its person may do. A session has none."""

    message: Any = _("This token may only read.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS or getattr(request.auth, "may_act", True):
            return True
        raise PermissionDenied(self.message)
