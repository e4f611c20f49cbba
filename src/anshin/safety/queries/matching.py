"""Which products of the shop a publisher may mean, and what was said of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.safety.models import ProductMatch
from anshin.safety.rules import products

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.safety.terms import Affected, ProductTrouble


def trouble_with(product: Affected) -> ProductTrouble | None:
    """What a person has to correct in a product as it was typed; None when all is well."""
    return products.trouble_with(product)


def matches_of(advisory: Advisory) -> list[ProductMatch]:
    """Every match of the advisory's products: the undecided first, then the surest."""
    found = ProductMatch.objects.filter(affected__advisory=advisory).select_related(
        "product", "affected", "decided_by__person"
    )
    return sorted(found, key=lambda each: (not each.is_open, -each.certainty, each.pk))
