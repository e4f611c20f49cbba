"""What waits for whom: the returns that are not over, by whose turn it is, the longest overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, TextChoices, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.returns.models import Return, ReturnLine, Settlement
from anshin.returns.terms import ParcelState, WaitsFor

if TYPE_CHECKING:
    from anshin.shops.models import Shop


class Party(TextChoices):
    """For whom something can wait; of the shop each role apart."""

    STAFF = "staff", pgettext_lazy("turn", "Customer service")
    WAREHOUSE = "warehouse", pgettext_lazy("turn", "Warehouse")
    MANAGER = "manager", pgettext_lazy("turn", "Manager")
    CUSTOMER = "customer", pgettext_lazy("turn", "Customer")
    CARRIER = "carrier", pgettext_lazy("turn", "Carrier")
    PROVIDER = "provider", pgettext_lazy("turn", "Bank or payment provider")


_ON_ITS_WAY = Q(waits_for=WaitsFor.CUSTOMER, parcel=ParcelState.ON_ITS_WAY)
_OF = {
    Party.STAFF: Q(waits_for=WaitsFor.STAFF),
    Party.WAREHOUSE: Q(waits_for=WaitsFor.WAREHOUSE),
    Party.MANAGER: Q(waits_for=WaitsFor.MANAGER),
    Party.CUSTOMER: Q(waits_for=WaitsFor.CUSTOMER) & ~_ON_ITS_WAY,
    Party.CARRIER: _ON_ITS_WAY,
    Party.PROVIDER: Q(waits_for=WaitsFor.PROVIDER),
}
_NO_TIME_OF_OURS = Value(datetime(9999, 1, 1, tzinfo=UTC), output_field=DateTimeField())


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many returns wait for somebody, and how many of them too long."""

    all: int
    overdue: int


def party_of(returned: Return) -> Party | None:
    """For whom a return waits; None when it is over. Asked of a row in hand, no query."""
    if returned.waits_for == WaitsFor.CUSTOMER and returned.parcel == ParcelState.ON_ITS_WAY:
        return Party.CARRIER
    return Party(returned.waits_for) if returned.waits_for in Party.values else None


def waiting_returns(shop: Shop, *, party: Party | None = None, cursor: str = "", size: int = 50) -> Page[Return]:
    """One page of what waits, earliest deadline first, what has none last; with lines and customers: two queries.

    `refunds` of a row's settlements: `settlements.all()` holds those that count: a third. Raises BadCursor.
    """
    lines = Prefetch("lines", queryset=ReturnLine.objects.order_by("place"))
    current = Prefetch("settlements", queryset=Settlement.objects.filter(is_current=True).order_by("id"))
    found = Return.objects.select_related("customer", "case").prefetch_related(lines, current).filter(shop=shop)
    found = found.filter(_OF[party]) if party else found.exclude(waits_for=WaitsFor.NOBODY)
    ordered = found.annotate(order_at=Coalesce("due_at", _NO_TIME_OF_OURS))
    return page_of(ordered, order=("order_at", "waits_since", "id"), size=size, cursor=cursor)


def waiting_counts(shop: Shop, *, now: datetime) -> dict[Party, Waiting]:
    """How many wait for each, and how many of those are overdue: one query."""
    wanted = {party.value: Count("pk", filter=condition) for party, condition in _OF.items()}
    late = {
        f"{party.value}_late": Count("pk", filter=condition & Q(due_at__lt=now)) for party, condition in _OF.items()
    }
    found = Return.objects.filter(shop=shop).exclude(waits_for=WaitsFor.NOBODY).aggregate(**wanted, **late)
    return {party: Waiting(found[party.value], found[f"{party.value}_late"]) for party in Party}
