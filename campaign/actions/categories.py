"""The families of problems and the kinds within them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from campaign.actions.parts import changing, removed
from campaign.models import Category
from core.errors import ActionRefusedError
from organisation.actions.writing import added, changed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.models import Campaign
    from campaign.presets import CategorySet
    from organisation.models import Person


def add_category_set(campaign: Campaign, *, by: Person, preset: CategorySet) -> None:
    """Add a ready set behind what is there; families of the same name are left alone."""
    with changing(campaign, by=by) as row:
        known = set(row.categories.filter(parent=None).values_list("name", flat=True))
        place = len(known)
        for family_name, kinds in preset.families:
            if family_name in known:
                continue
            place += 1
            family = add_category(row, by=by, name=family_name, position=place)
            for number, kind in enumerate(kinds, 1):
                add_category(row, by=by, name=kind, parent=family, position=number)


def add_category(
    campaign: Campaign, *, by: Person, name: str, parent: Category | None = None, position: int = 0
) -> Category:
    with changing(campaign, by=by) as row:
        category = Category(campaign=row, parent=parent, name=name.strip(), position=position)
        _keep_to_two_levels(category)
        added("campaign.add_category", category, by=by)
    return category


def change_category(category: Category, *, by: Person, **facts: Any) -> Category:
    """Rename a category or move it to another place; its problems go with it."""
    with changing(category.campaign, by=by):
        category.refresh_from_db()
        if "parent" in facts and facts["parent"] is not None and category.children.exists():
            raise ActionRefusedError(
                _("“%(name)s” has kinds of its own; it cannot become a kind itself.")
                % {"name": category.name}
            )
        _keep_to_two_levels(Category(campaign=category.campaign, parent=facts.get("parent")))
        changed("campaign.change_category", category, facts, by=by)
    return category


def remove_category(category: Category, *, by: Person) -> None:
    """Take a category away with the kinds in it, unless a problem is filed there."""
    with changing(category.campaign, by=by) as row:
        try:
            removed("campaign.remove_category", category, row, by=by)
        except ProtectedError as refused:
            raise ActionRefusedError(
                _("Problems are filed under “%(name)s”; it stays.") % {"name": category.name}
            ) from refused


def arrange_categories(campaign: Campaign, *, by: Person, rows: Iterable[dict[str, Any]]) -> None:
    """Take in the whole page of categories, all or none.

    A row has ``category`` (an existing one, or None), ``delete``, and the facts of the category.
    """
    with changing(campaign, by=by) as locked_campaign:
        rows = list(rows)
        for row in rows:
            if row["delete"] and row["category"] is not None:
                category = Category.objects.filter(pk=row["category"].pk).first()
                if category is not None:  # its family may have gone before it, and it with that
                    remove_category(category, by=by)
        for row in rows:
            if not row["delete"]:
                facts = {key: row[key] for key in ("name", "parent", "position")}
                if row["category"] is None:
                    add_category(locked_campaign, by=by, **facts)
                else:
                    change_category(row["category"], by=by, **facts)


def _keep_to_two_levels(category: Category) -> None:
    parent = category.parent
    if parent is None:
        return
    if parent.campaign_id != category.campaign_id:
        raise ActionRefusedError(_("The family belongs to another campaign."))
    if parent.parent_id is not None or parent.pk == category.pk:
        raise ActionRefusedError(_("There are two levels: a family, and kinds within it."))
