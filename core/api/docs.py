"""The description of the API, for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from core.access import needs, open_to_anyone
from core.api.access import NeedsPermission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PERMISSION = "organisation.use_account"


class Schema(SpectacularAPIView):
    """OpenAPI, in English whoever asks: a description that changes with its reader cannot be compared."""

    needs: ClassVar[dict[str, str]] = {}
    permission_classes = [NeedsPermission]
    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]

    @classmethod
    def as_view(cls, **kwargs: Any) -> Any:
        view = super().as_view(**kwargs)
        view.needs = PERMISSION  # type: ignore[attr-defined]
        view.is_api = True  # type: ignore[attr-defined]
        return view

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            return super().get(request, *args, **kwargs)


@csrf_exempt
@open_to_anyone("says that there is nothing, to whoever asks")
def nowhere(request: HttpRequest, path: str) -> JsonResponse:
    """An address of no operation is answered as a program expects, not by a page."""
    return JsonResponse(
        {"code": "not_found", "detail": _("This address leads nowhere.")}, status=404
    )


@require_GET
@needs(PERMISSION)
def docs(request: HttpRequest) -> HttpResponse:
    """The same to read and to try out, drawn by files of our own server."""
    return render(request, "core/api_docs.html")
