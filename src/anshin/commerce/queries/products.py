"""Products of a shop."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Q

from anshin.commerce.models import Product

if TYPE_CHECKING:
    from anshin.shops.models import Shop

MOST_FOUND: Final = 20
_MOST_WORDS: Final = 6


class ProductNames(NamedTuple):
    """By what a product may be recognised."""

    pk: int
    sku: str
    name: str
    gtin: str
    model_number: str


def product_by_sku(shop: Shop, sku: str) -> Product | None:
    """The product that the shop keeps under this number."""
    return Product.objects.filter(shop=shop, sku=sku).first()


def products_by_skus(shop: Shop, skus: Collection[str]) -> list[Product]:
    """The products that the shop keeps under these numbers: one query."""
    return list(Product.objects.filter(shop=shop, sku__in=skus))


def product_by_id(shop_id: int, product_id: int) -> Product | None:
    """A product of that shop."""
    return Product.objects.filter(shop_id=shop_id, pk=product_id).first()


def product_names(shop_id: int) -> Iterator[ProductNames]:
    """Every product of the shop, one after the other: one query."""
    found = Product.objects.filter(shop_id=shop_id).order_by("pk")
    for row in found.values_list("pk", "sku", "name", "gtin", "model_number").iterator():
        yield ProductNames(*row)


def products_like(shop: Shop, asked: str) -> list[Product]:
    """Products whose name, number, GTIN or model number holds every word asked for; at most MOST_FOUND."""
    words = asked.split()[:_MOST_WORDS]
    if not words:
        return []
    found = Product.objects.filter(shop=shop)
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(sku__icontains=word)
            | Q(gtin__contains=word)
            | Q(model_number__icontains=word)
        )
    return list(found.order_by("name", "pk")[:MOST_FOUND])
