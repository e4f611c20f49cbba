"""Products of a shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.commerce.models import Product

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def product_by_sku(shop: Shop, sku: str) -> Product | None:
    """The product that the shop keeps under this number."""
    return Product.objects.filter(shop=shop, sku=sku).first()
