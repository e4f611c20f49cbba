"""The warehouse's screen for a tablet: scan a label, see what waits to be inspected, what is nobody's, what came."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor, Page, page_of
from anshin.returns.queries import (
    ReturnRow,
    inspection_count,
    inspection_rows,
    parcels_since,
    return_by_number,
    returns_by_scan,
    unsorted_parcels,
)
from anshin.returns.terms import InspectionState, ParcelState
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.warehouse_words import warning_of

if TYPE_CHECKING:
    from anshin.returns.models import Parcel, Return, ReturnLine
    from anshin.shops.models import Membership

_OPEN_INSPECTION = {InspectionState.NOT_YET, InspectionState.UNDER_WAY}
_NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST_SCAN = 200


class Shelf(models.TextChoices):
    """The lists of the warehouse."""

    INSPECT = "inspect", gettext_lazy("To inspect")
    UNSORTED = "unsorted", gettext_lazy("Parcels of nobody")
    TODAY = "today", gettext_lazy("Received today")


@require_GET
@desk(Permission.RECEIVE_GOODS)
def warehouse(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What a scan means (`q`), otherwise one of the lists; one return that is found opens at once."""
    now = clock.now()
    scanned = request.GET.get("q", "").strip()[:LONGEST_SCAN]
    found = returns_by_scan(by.shop, scanned) if scanned else []
    if len(found) == 1 and (url := next_url(found[0], scanned)):
        return redirect(url)
    shelf = request.GET.get("show", Shelf.INSPECT.value)
    if shelf not in Shelf.values:
        raise Http404
    try:
        listed = _listed(by, Shelf(shelf), now=now, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "warehouse"  # type: ignore[attr-defined]
    context = {
        "now": now,
        "scanned": scanned,
        "found": [found_row(returned, scanned) for returned in found],
        "is_missing": bool(scanned) and not found,
        "unknown_url": f"{address('warehouse_unknown', by.shop.slug)}?{urlencode({'q': scanned})}",
        "shelf": shelf,
        "tabs": _tabs(by, Shelf(shelf)),
        "query": f"show={shelf}&",
        **listed,
        **_finished(by, request.GET.get("done", ""), now=now),
    }
    return render(request, "staff/warehouse.html", context)


def next_url(returned: Return, scanned: str = "") -> str:
    """Where a parcel with this return on the table goes on: booking in, then inspection; "" when all is done."""
    slug = returned.shop.slug
    if returned.parcel != ParcelState.HERE:
        query = urlencode({"r": returned.number, "q": scanned} if scanned else {"r": returned.number})
        return f"{address('warehouse_book_in', slug)}?{query}"
    if returned.inspection in _OPEN_INSPECTION:
        return address("warehouse_inspect", slug, returned.number)
    return ""


def found_row(returned: Return, scanned: str = "", *, lines: list[ReturnLine] | None = None) -> dict[str, Any]:
    """One return that was found, with where it stands and where it goes on. Its lines are loaded, or given."""
    lines = list(returned.lines.all()) if lines is None else lines
    return {
        "number": str(returned),
        "customer": returned.customer.name if returned.customer else "",
        "order": lines[0].order.number if lines else "",
        "items": [f"{line.name} {line.variant}".strip() + f" × {line.quantity}" for line in lines],
        "parcel": returned.get_parcel_display(),
        "inspection": returned.get_inspection_display(),
        "warning": warning_of(returned.approval),
        "url": next_url(returned, scanned),
        "look_url": address("warehouse_inspect", returned.shop.slug, returned.number),
    }


def day_begin(now: datetime) -> datetime:
    """Midnight of the shop's day."""
    local = timezone.localtime(now)
    return datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)


def _listed(by: Membership, shelf: Shelf, *, now: datetime, cursor: str) -> dict[str, Any]:
    if shelf == Shelf.INSPECT:
        found = inspection_rows(by.shop, now=now, cursor=cursor)
        return _rows(found, [_inspection_row(by, row) for row in found.items])
    if shelf == Shelf.UNSORTED:
        parcels = page_of(unsorted_parcels(by.shop), order=("arrived_at", "id"), size=50, cursor=cursor)
    else:
        parcels = parcels_since(by.shop, day_begin(now), cursor=cursor)
    return _rows(parcels, [_parcel_row(by, each, has_contents=shelf == Shelf.TODAY) for each in parcels.items])


def _rows(page: Page[Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"page": page, "rows": rows}


def _inspection_row(by: Membership, row: ReturnRow) -> dict[str, Any]:
    returned = row.returned
    return {
        "number": str(returned),
        "customer": returned.customer.name if returned.customer else "",
        "item": row.item,
        "more": row.more,
        "due_at": returned.due_at,
        "is_overdue": row.is_overdue,
        "is_begun": returned.inspection == InspectionState.UNDER_WAY,
        "is_part": returned.parcel == ParcelState.PARTLY_HERE,
        "warning": warning_of(returned.approval),
        "url": address("warehouse_inspect", by.shop.slug, returned.number),
    }


def _parcel_row(by: Membership, parcel: Parcel, *, has_contents: bool) -> dict[str, Any]:
    contents = list(parcel.contents.all()) if has_contents else []
    return {
        "at": parcel.arrived_at,
        "by": str(parcel.booked_by.person) if parcel.booked_by else "",
        "sender": parcel.sender_name,
        "tracking": parcel.tracking_number,
        "note": parcel.note,
        "is_unsorted": not parcel.is_announced and parcel.sorted_at is None,
        "is_flagged": not parcel.is_announced,
        "returns": [
            {
                "number": str(each.returned),
                "customer": each.returned.customer.name if each.returned.customer else "",
                "item": each.line.name,
                "quantity": each.quantity,
                "url": address("warehouse_inspect", by.shop.slug, each.returned.number),
            }
            for each in contents
            if each.quantity
        ],
        "url": address("warehouse_parcel", by.shop.slug, parcel.pk),
    }


def _tabs(by: Membership, shown: Shelf) -> list[dict[str, Any]]:
    counts = {Shelf.INSPECT: inspection_count(by.shop), Shelf.UNSORTED: unsorted_parcels(by.shop).count()}
    return [
        {"label": shelf.label, "url": f"?show={shelf.value}", "on": shelf == shown, "count": counts.get(shelf, 0)}
        for shelf in Shelf
    ]


def _finished(by: Membership, written: str, *, now: datetime) -> dict[str, Any]:
    """The return whose last item was just inspected, and the one that should be looked at next."""
    finished = return_by_number(by.shop, int(written)) if _NUMBER.fullmatch(written) else None
    if finished is None:
        return {"finished": None, "next_up": None}
    first = inspection_rows(by.shop, now=now, size=1).items
    return {"finished": str(finished), "next_up": _inspection_row(by, first[0]) if first else None}
