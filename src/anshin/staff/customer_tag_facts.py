"""What is shown of a customer's tags, beside a case and on the customer's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership


def tags_of(by: Membership, customer: Customer) -> dict[str, Any]:
    """What staff/_customer_tags.html draws."""
    may_tag = may(by, Permission.TRIAGE) and customer.erased_at is None
    return {"names": customer.tags, "url": address("tag_customer", by.shop.slug, customer.pk) if may_tag else ""}
