"""Who bought something, how they can be reached, and which lines are about it; for rooms that count by the million.

What is returned are queries, so that the asking room narrows and counts in the database.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from anshin.commerce.models import ContactPoint, Customer, Order, OrderLine, PostalAddress, Product, Shipment
from anshin.commerce.terms import ContactKind, Reach, Recipient
from anshin.plumbing.one_of import one_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def lines_of(shop: Shop) -> QuerySet[OrderLine]:
    """Every line that was sold, in no order."""
    return OrderLine.objects.filter(shop=shop).order_by()


def about_products(products: Collection[int], skus: Collection[str]) -> Q:
    """Condition on lines: of these products, or, where a line knows no product, with one of these numbers."""
    alone = Q(product__isnull=True, sku__in=[sku for sku in skus if sku])
    return Q(product__in=list(products)) | alone


def sold_among(shop_id: int, products: Collection[int]) -> set[int]:
    """Which of these products somebody has bought: one query that looks for one line of each."""
    lines = OrderLine.objects.filter(shop_id=shop_id, product=OuterRef("pk"))
    unnamed = OrderLine.objects.filter(shop_id=shop_id, product__isnull=True, sku=OuterRef("sku"))
    found = Product.objects.filter(shop_id=shop_id, pk__in=list(products)).exclude(sku="")
    return set(found.filter(Exists(lines) | Exists(unnamed)).values_list("pk", flat=True)) if products else set()


def buyers(shop: Shop) -> QuerySet[Order]:
    """Every order with how its buyer can be reached.

    Adds `mail_id` (contact point of the address to which mail arrives best; None without one), `has_mail`, `has_phone`,
    `has_letter` (some postal address is known), `was_shipped`, `language` ("ja" where nobody said).
    """
    mails = (
        ContactPoint.objects.filter(customer=OuterRef("customer_id"), kind=ContactKind.MAIL)
        .exclude(reach=Reach.UNREACHABLE)
        .order_by(Case(When(reach=Reach.OK, then=0), default=1), "id")
    )
    phones = ContactPoint.objects.filter(customer=OuterRef("customer_id"), kind=ContactKind.PHONE)
    places = PostalAddress.objects.filter(customer=OuterRef("customer_id"))
    left = Shipment.objects.filter(Q(shipped_at__isnull=False) | Q(delivered_at__isnull=False), order=OuterRef("pk"))
    return (
        Order.objects.filter(shop=shop)
        .order_by()
        .annotate(
            mail_id=Subquery(mails.values("pk")[:1]),
            has_mail=Q(Exists(mails.order_by())),
            has_phone=Q(Exists(phones)),
            has_letter=Q(~Q(recipient_lines="") | Exists(places)),
            was_shipped=Q(Exists(left)),
            language=Case(When(customer__language="", then=Value("ja")), default=F("customer__language")),
        )
    )


def latest_orders(shop: Shop, *, until: datetime, how_many: int) -> list[int]:
    """Ids of the newest orders up to `until`, newest first."""
    found = Order.objects.filter(shop=shop, ordered_at__lte=until).order_by("-ordered_at", "-id")
    return list(found.values_list("pk", flat=True)[:how_many])


def mail_points(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Address and folded address of contact points, by id."""
    found = ContactPoint.objects.filter(one_of("id", ids)).values_list("pk", "value", "key")
    return {pk: (value, key) for pk, value, key in found}


def names_of_customers(ids: Collection[int]) -> dict[int, str]:
    """How customers are called, by id."""
    return dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))


def catalogue_size(shop: Shop) -> int:
    """How many products the shop keeps."""
    return Product.objects.filter(shop=shop).count()


def customers_among(shop_id: int, ids: Collection[int]) -> dict[int, Customer]:
    """Customers of the shop by id; who is erased is among them, without a name."""
    return Customer.objects.filter(shop_id=shop_id).in_bulk(list(ids))


def places_of_customers(shop_id: int, ids: Collection[int]) -> dict[int, list[Recipient]]:
    """Places to which something of these customers was sent, by customer, the newest first: one query."""
    found: dict[int, list[Recipient]] = {}
    for each in PostalAddress.objects.filter(shop_id=shop_id, customer__in=list(ids)).order_by("-id"):
        found.setdefault(each.customer_id, []).append(Recipient(each.name, each.postcode, each.lines))
    return found


def with_phone(shop_id: int, ids: Collection[int]) -> set[int]:
    """Which of these customers have a telephone number."""
    found = ContactPoint.objects.filter(shop_id=shop_id, customer__in=list(ids), kind=ContactKind.PHONE)
    return set(found.values_list("customer_id", flat=True))


def with_place(shop_id: int, ids: Collection[int]) -> set[int]:
    """Of which of these customers some postal address is known."""
    orders = Order.objects.filter(shop_id=shop_id, customer__in=list(ids)).exclude(recipient_lines="")
    places = PostalAddress.objects.filter(shop_id=shop_id, customer__in=list(ids))
    return set(orders.values_list("customer_id", flat=True)) | set(places.values_list("customer_id", flat=True))
