"""One return with everything that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from anshin.language.folding import fold
from anshin.language.names import reading_key
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.journal.queries import entries
from anshin.plumbing.prepared import Prepared, keep_related
from anshin.returns.events import FaultDecided
from anshin.returns.models import (
    Inspection,
    Parcel,
    Return,
    ReturnInvoice,
    ReturnLine,
    ReturnPhoto,
    Settlement,
    SettlementItem,
    Step,
)
from anshin.returns.terms import Axis, ParcelState

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Shop

_OWN_NUMBER = re.compile(r"r-?0*([0-9]{1,9})")
_SHORTEST_TWICE = 4
_SCANNED_NW7 = re.compile(r"[a-d]([0-9]+)[a-d]")
"""NW-7 bar codes begin and end with a letter, which many scanners type, too."""


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """Everything that a page shows of a return: seven queries, whatever it holds."""

    returned: Return
    lines: list[ReturnLine]
    steps: list[Step]
    photos: list[ReturnPhoto]
    parcels: list[Parcel]
    settlements: list[Settlement]

    def newest(self, axis: Axis) -> Step | None:
        """The step that brought the axis to where it stands."""
        return next((step for step in reversed(self.steps) if step.axis == axis), None)

    @property
    def current(self) -> list[Settlement]:
        """The calculations that count, one an order."""
        return [row for row in self.settlements if row.is_current]

    @property
    def closed(self) -> list[Settlement]:
        """Calculations of earlier parts whose money has moved."""
        return [row for row in self.settlements if row.is_closed]


def return_by_id(shop: Shop, return_id: int) -> Return | None:
    """A return of this shop with its case."""
    return Return.objects.select_related("case").filter(shop=shop, pk=return_id).first()


def return_by_number(shop: Shop, number: int) -> Return | None:
    """The return of the shop with that number."""
    return _ONE.first(shop=shop.pk, number=number)


def return_of_customer(shop: Shop, customer: Customer, number: int) -> Return | None:
    """The customer's own return; None for everybody else's."""
    return _OWN.first(shop=shop.pk, customer=customer.pk, number=number)


def return_page(returned: Return) -> ReturnPage:
    """The return with its lines, history, pictures, parcels and calculations."""
    lines = _LINES.rows(returned=returned.pk)
    looks = _INSPECTIONS.rows(returned=returned.pk)
    for line in lines:
        keep_related(line, "inspections", [look for look in looks if look.line_id == line.pk])
    settlements = _SETTLEMENTS.rows(returned=returned.pk)
    items = _ITEMS.rows(returned=returned.pk) if settlements else []
    for row in settlements:
        keep_related(row, "items", [item for item in items if item.settlement_id == row.pk])
    return ReturnPage(
        returned=returned,
        lines=lines,
        steps=_STEPS.rows(returned=returned.pk),
        photos=_PHOTOS.rows(returned=returned.pk),
        parcels=_PARCELS.rows(returned=returned.pk),
        settlements=settlements,
    )


def returns_by_scan(shop: Shop, scanned: str) -> list[Return]:
    """What a label, an order number, a tracking number or a typed return number means, newest first, at most ten.

    Both keys of requirement 116 find the same return: R-0312, ｒ０３１２, 312 and a label's NW-7 (A0312A) as well as
    the order's number. What a scanner typed twice in one go (A0312AA0312A) means what it says once.
    """
    found, half = _scanned(shop, scanned), len(scanned) // 2
    if not found and half >= _SHORTEST_TWICE and scanned[:half] == scanned[half:]:
        found = _scanned(shop, scanned[:half])
    return found


def _scanned(shop: Shop, scanned: str) -> list[Return]:
    text = fold(scanned).strip()
    if nw7 := _SCANNED_NW7.fullmatch(text):
        text = nw7.group(1)
    own = _OWN_NUMBER.fullmatch(text.replace(" ", "")) or re.fullmatch(r"0*([0-9]{1,6})", text)
    digits = re.sub(r"[^0-9a-z]", "", text)
    ids = set(_BY_ORDER.tuples(shop=shop.pk, key=number_key(scanned)))
    if own:
        ids |= set(_BY_NUMBER.tuples(shop=shop.pk, number=int(own.group(1))))
    if len(digits) >= 8:
        for told in {digits, digits.upper(), text.upper(), text}:
            ids |= set(_BY_TRACKING.tuples(shop=shop.pk, told=told))
    newest = sorted((pk for (pk,) in ids), reverse=True)[:10]
    if not newest:
        return []
    return list(_FOUND.filter(shop=shop, pk__in=newest).prefetch_related(_with_orders()).order_by("-id"))


def fault_decision(returned: Return) -> JournalEntry | None:
    """Who decided last whose doing it was, when and why (in the payload): one query."""
    found = entries(returned.shop_id, event=FaultDecided, case_id=returned.case_id)
    return next((each for each in found.rows if each.payload["return_id"] == returned.pk), None)


def returns_by_numbers(shop: Shop, numbers: Collection[int]) -> list[Return]:
    """The returns with these numbers and their lines, in the order of `numbers`: two queries."""
    found = _FOUND.filter(shop=shop, number__in=numbers).prefetch_related(_with_orders())
    known = {returned.number: returned for returned in found}
    return [known[number] for number in numbers if number in known]


def returns_by_name(shop: Shop, name: str) -> list[Return]:
    """Returns of customers of whose name this is a part, as long as something is awaited; newest first, at most ten."""
    wanted = reading_key(name)
    if not wanted:
        return []
    found = _FOUND.filter(shop=shop, customer__name_key__contains=wanted).exclude(parcel=ParcelState.HERE)
    return list(found.prefetch_related(_with_orders()).order_by("-id")[:10])


def invoices_of(returned: Return) -> list[ReturnInvoice]:
    """The return invoices that were given, with their files: one query."""
    return list(ReturnInvoice.objects.select_related("blob").filter(returned=returned).order_by("id"))


def photo_of(shop: Shop, photo_id: int) -> ReturnPhoto | None:
    """A picture of a return of this shop."""
    return ReturnPhoto.objects.select_related("blob", "returned").filter(shop=shop, pk=photo_id).first()


def _with_orders() -> Prefetch[str, QuerySet[ReturnLine], str]:
    return Prefetch("lines", queryset=ReturnLine.objects.select_related("order").order_by("place"))


_FOUND = Return.objects.select_related("shop", "customer", "case", "place")
_ONE = Prepared(lambda shop, number: _FOUND.filter(shop_id=shop, number=number), shop=int, number=int)
_OWN = Prepared(
    lambda shop, customer, number: _FOUND.filter(shop_id=shop, customer_id=customer, number=number),
    shop=int,
    customer=int,
    number=int,
)
_BY_NUMBER = Prepared(
    lambda shop, number: Return.objects.filter(shop_id=shop, number=number).values_list("id"), shop=int, number=int
)
_BY_TRACKING = Prepared(
    lambda shop, told: Return.objects.filter(shop_id=shop, tracking_number=told).order_by("-id").values_list("id")[:10],
    shop=int,
    told=str,
)
_BY_ORDER = Prepared(
    lambda shop, key: (
        ReturnLine.objects.filter(order__shop_id=shop, order__number_key=key)
        .order_by("-returned_id")
        .values_list("returned_id")[:100]
    ),
    shop=int,
    key=str,
)
_LINES = Prepared(
    lambda returned: ReturnLine.objects.select_related("order", "product").filter(returned_id=returned),
    returned=int,
)
_STEPS = Prepared(lambda returned: Step.objects.select_related("by__person").filter(returned_id=returned), returned=int)
_PARCELS = Prepared(
    lambda returned: (
        Parcel.objects.filter(contents__returned=returned)
        .select_related("booked_by__person")
        .distinct()
        .order_by("arrived_at", "id")
    ),
    returned=int,
)
_SETTLEMENTS = Prepared(
    lambda returned: (
        Settlement.objects.select_related("order", "confirmed_by__person").filter(returned_id=returned).order_by("id")
    ),
    returned=int,
)
_PHOTOS = Prepared(
    lambda returned: ReturnPhoto.objects.select_related("blob").filter(returned_id=returned), returned=int
)
_INSPECTIONS = Prepared(
    lambda returned: (
        Inspection.objects.select_related("inspected_by__person")
        .filter(line__returned_id=returned)
        .order_by("part", "id")
    ),
    returned=int,
)
_ITEMS = Prepared(
    lambda returned: SettlementItem.objects.filter(settlement__returned_id=returned).order_by("place", "id"),
    returned=int,
)
