"""Colleagues as choices in menus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from anshin.shops.queries import may, staff_of
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

NOBODY = "nobody"


def people(by: Membership, staff: Iterable[Membership], *, owner_id: int | None = None) -> list[dict[str, Any]]:
    """The person first, then colleagues who answer customers, then nobody."""
    able = [each for each in staff if may(each, Permission.ANSWER)]
    ordered = sorted(able, key=lambda each: each.pk != by.pk)
    choices = [
        {
            "value": str(each.pk),
            "name": _("%(name)s (you)") % {"name": each.person} if each.pk == by.pk else str(each.person),
            "on": each.pk == owner_id,
        }
        for each in ordered
    ]
    return [*choices, {"value": NOBODY, "name": _("Nobody"), "on": False}]


def owner_from(by: Membership, value: str) -> Membership | None:
    """The colleague meant by a menu's value, None for nobody. Raises Http404."""
    if value == NOBODY:
        return None
    found = staff_of(by.shop).filter(pk=value).first() if value.isdecimal() else None
    if found is None:
        raise Http404
    return found
