"""One shape for every answer that is a no: a word for programs, a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.views import exception_handler

from core.errors import ActionRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms
    from rest_framework.response import Response


class ConflictError(exceptions.APIException):
    """What was asked for is not possible as things are now."""

    status_code = 409
    default_code = "refused"


class KeyUsedError(exceptions.APIException):
    status_code = 422
    default_code = "key_used"
    default_detail = _("This idempotency key was used for another request already.")


class KeyInUseError(ConflictError):
    default_code = "in_progress"
    default_detail = _("A request with this idempotency key is still being worked on.")


class Problem(serializers.Serializer[Any]):
    """Why the answer is no. ``detail`` is the sentence that the page would show."""

    code = serializers.CharField(
        help_text="A word for programs: invalid, not_authenticated, authentication_failed, "
        "permission_denied, not_found, refused, in_progress, key_used, throttled …"
    )
    detail = serializers.CharField(help_text="A sentence for people, in the language asked for.")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With “invalid”: what is wrong, by field.",
    )


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as a ``Problem``; what is not a refusal is a fault and stays one."""
    if isinstance(problem, ActionRefusedError):
        problem = ConflictError(str(problem))
    elif isinstance(problem, Http404):
        problem = exceptions.NotFound()
    elif isinstance(problem, PermissionDenied):
        problem = exceptions.PermissionDenied()
    response = exception_handler(problem, context)
    if response is None or not isinstance(problem, exceptions.APIException):
        return None
    response.data = _problem(problem)
    return response


def _problem(problem: exceptions.APIException) -> dict[str, Any]:
    if isinstance(problem, exceptions.ValidationError):
        fields = by_field(problem.detail)
        sentences = [sentence for found in fields.values() for sentence in found]
        return {"code": "invalid", "detail": " ".join(sentences), "fields": fields}
    return {"code": problem.get_codes(), "detail": str(problem.detail)}


OF_THE_WHOLE = frozenset({"non_field_errors", "__all__"})


def by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Faults by the name of the field, ``measures.0.text`` for those inside; "" for the whole."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            own = "" if name in OF_THE_WHOLE else str(name)
            found |= by_field(inner, ".".join(filter(None, [prefix, own])))
        return found
    if isinstance(detail, list) and any(isinstance(one, dict | list) for one in detail):
        return by_field(dict(enumerate(detail)), prefix)
    faults = detail if isinstance(detail, list) else [detail]
    return {prefix: [str(fault) for fault in faults]} if faults else {}


def judged(form: forms.Form, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a form of the pages makes of a body: both doors are held to one judgement.

    ``names`` says what a field of the form is called in the body.
    """
    if form.is_valid():
        return form.cleaned_data
    called = names or {}
    found = {called.get(name, name): [*map(str, faults)] for name, faults in form.errors.items()}
    raise exceptions.ValidationError(found)
