"""What a resource of the API can be asked: a list, one of it, and verbs by name. Never a PATCH."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rest_framework import mixins, viewsets

from core.api.filters import PagesFilter

if TYPE_CHECKING:
    import django_filters
    from django.db.models import QuerySet
    from rest_framework.request import Request


class Readable(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """A list that the page's filter narrows, and one row of it.

    A resource says ``needs``, ``found`` (the page's filter for this request) and ``rows_of``
    (its rows with all that an answer shows). What one may not see is a 404.
    """

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]  # type: ignore[misc]
    needs: ClassVar[dict[str, str]]
    page_order: ClassVar[str] = "pk"
    filter_backends: ClassVar[list[type]] = [PagesFilter]  # type: ignore[misc]
    filterset_class: ClassVar[type[django_filters.FilterSet]]

    @classmethod
    def as_view(cls, actions: Any = None, **kwargs: Any) -> Any:
        """Each address has one operation, whose permission stands on it as on the view of a page."""
        view: Any = super().as_view(actions, **kwargs)
        [operation] = set((actions or {}).values())
        view.needs = cls.needs[operation]
        view.is_api = True
        return view

    @property
    def person(self) -> Any:
        return self.request.user

    def get_queryset(self) -> QuerySet[Any]:
        """Nothing: the rows come from the page's filter, which begins with what the person may see."""
        rows: QuerySet[Any] = self.filterset_class._meta.model.objects.none()
        return rows

    def reach(self) -> None:
        """Say that the address leads nowhere, before anything is said about a body sent to it."""

    def found(self, request: Request) -> django_filters.FilterSet:
        raise NotImplementedError

    def rows_of(self, found: Any) -> QuerySet[Any]:
        return cast("QuerySet[Any]", found.qs)
