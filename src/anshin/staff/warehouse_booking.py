"""Booking a parcel in: what was in it, of one return or several, or of nobody yet; and sorting what nobody knew."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anshin.language.folding import fold
from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.queries import (
    parcel_by_id,
    parcel_by_nonce,
    returns_by_name,
    returns_by_numbers,
    returns_by_scan,
)
from anshin.returns.terms import Approval, ParcelState
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.warehouse import LONGEST_SCAN, found_row
from anshin.staff.warehouse_photos import Photos, photos_from, tokens
from anshin.staff.warehouse_words import warning_of

if TYPE_CHECKING:
    from anshin.returns.models import Parcel, Return
    from anshin.shops.models import Membership

_NUMBER = re.compile(r"[0-9]{1,9}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_MOST_RETURNS = 20
_LONGEST_NOTE = 1000


class Box:
    """The returns of one parcel with the quantities as they were typed, and what is wrong with them."""

    def __init__(self, returns: Sequence[Return], typed: dict[str, str] | None) -> None:
        self.returns, self.said = list(returns), ""
        self.groups = [self._group(returned, typed) for returned in returns]
        self.inside: list[actions.Inside] = []

    def check(self) -> bool:
        """Whether every quantity is a number within what is awaited, and at least one is not 0."""
        self.inside = []
        for group in self.groups:
            wanted = [
                actions.Inside(row["id"], number) for row in group["rows"] if (number := _checked(row)) is not None
            ]
            if any(each.quantity for each in wanted):
                self.inside += wanted
        is_sound = not any(row["error"] for group in self.groups for row in group["rows"])
        if is_sound and not self.inside:
            self.said = _("Enter how many of at least one item were in the parcel.")
        return is_sound and bool(self.inside)

    @staticmethod
    def _group(returned: Return, typed: dict[str, str] | None) -> dict[str, Any]:
        rows = []
        for line in returned.lines.all():
            awaited = line.quantity - (line.quantity_here or 0)
            written = None if typed is None else typed.get(f"q-{line.pk}")
            rows.append(
                {
                    "id": line.pk,
                    "name": " ".join(filter(None, [line.name, line.variant])),
                    "sku": line.sku,
                    "awaited": awaited,
                    "here": line.quantity_here or 0,
                    "value": str(awaited) if written is None else written,
                    "error": "",
                }
            )
        return {**found_row(returned), "plain": returned.number, "rows": rows}


def _checked(row: dict[str, Any]) -> int | None:
    """The quantity of a line that is still awaited; None for one that is here already or has an error."""
    if not row["awaited"]:
        return None
    written = fold(str(row["value"])).strip()
    if not _NUMBER.fullmatch(written):
        row["error"] = _("Enter a whole number, 0 when it was not in the parcel.")
    elif int(written) > row["awaited"]:
        row["error"] = _("Only %(n)d are awaited. Was it counted right?") % {"n": row["awaited"]}
    return None if row["error"] else int(written)


@desk(Permission.RECEIVE_GOODS)
def book_in(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A parcel with one return or several (`r`, again for each); `do`: add another, inspect or next to book in."""
    asked = request.POST if request.method == "POST" else request.GET
    numbers = _numbers(asked.getlist("r"))
    if request.method != "POST":
        returns = returns_by_numbers(by.shop, numbers)
        return _book_in_page(request, by, Box(returns, None), Photos([], [])) if returns else _home(by)
    now = clock.now()
    photos = photos_from(request, by, now=now)
    do = request.POST.get("do", "add")
    numbers, said = _changed(by, numbers, do, request.POST.get("add", ""))
    box = Box(returns_by_numbers(by.shop, numbers), request.POST.dict())
    if not box.returns:
        return _home(by)
    if do in {"inspect", "next"} and parcel_by_nonce(by.shop, request.POST.get("nonce", "")):
        said = _("This parcel was received already (%(numbers)s). Nothing was counted twice.")
        messages.success(request, said % {"numbers": _names(box)})
        return _after(by, box, do)
    if do in {"inspect", "next"} and not photos.said and box.check():
        try:
            return _booked(request, by, box, photos, do, now=now)
        except NotAllowed:
            raise
        except Refused as refusal:
            box.said = str(refusal)
    return _book_in_page(request, by, box, photos, add_said=said)


def _booked(
    request: HttpRequest, by: Membership, box: Box, photos: Photos, do: str, *, now: datetime
) -> HttpResponseBase:
    actions.book_in(
        by=by,
        inside=box.inside,
        carrier=box.returns[0].carrier,
        tracking_number=request.POST.get("tracking_number", ""),
        note=request.POST.get("note", "")[:_LONGEST_NOTE],
        photos=photos.kept,
        nonce=_nonce(request.POST.get("nonce", "")),
        now=now,
    )
    messages.success(request, _("Received: %(numbers)s") % {"numbers": _names(box)})
    for each in box.returns:
        if each.approval != Approval.APPROVED:
            messages.error(request, f"{each}: {warning_of(each.approval)}")
    return _after(by, box, do)


def _after(by: Membership, box: Box, do: str) -> HttpResponseBase:
    if do == "inspect":
        return redirect("staff:warehouse_inspect", by.shop.slug, box.returns[0].number)
    return _home(by)


def _names(box: Box) -> str:
    return ", ".join(str(each) for each in box.returns)


def _book_in_page(
    request: HttpRequest, by: Membership, box: Box, photos: Photos, *, add_said: str = ""
) -> HttpResponseBase:
    typed = request.POST
    scanned = request.GET.get("q", "")[:LONGEST_SCAN]
    context = {
        "groups": box.groups,
        "said": box.said,
        "photos": tokens(photos, by),
        "photos_said": photos.said,
        "nonce": typed.get("nonce") or secrets.token_hex(16),
        "note": typed.get("note", ""),
        "tracking_number": typed.get("tracking_number", _tracking(scanned) or box.returns[0].tracking_number),
        "add": typed.get("add", "") if add_said else "",
        "add_said": add_said,
        "has_warning": any(group["warning"] for group in box.groups),
        "all_here": all(returned.parcel == ParcelState.HERE for returned in box.returns),
    }
    is_wrong = add_said or box.said or photos.said or any(row["error"] for each in box.groups for row in each["rows"])
    request.desk_section = "warehouse"  # type: ignore[attr-defined]
    return render(request, "staff/warehouse_book_in.html", context, status=422 if is_wrong else 200)


def _changed(by: Membership, numbers: list[int], do: str, scanned: str) -> tuple[list[int], str]:
    """The numbers after one was added or taken out, and a sentence when that did not work."""
    if do == "add":
        return _added(by, numbers, scanned)
    return [number for number in numbers if do != f"without-{number}"], ""


def _added(by: Membership, numbers: list[int], scanned: str) -> tuple[list[int], str]:
    """The numbers with what was scanned, and a sentence when it means nothing or is in there already."""
    scanned = scanned.strip()[:LONGEST_SCAN]
    if not scanned:
        return numbers, ""
    found = returns_by_scan(by.shop, scanned)
    if not found:
        return numbers, _("Not found: %(scanned)s") % {"scanned": scanned}
    fresh = [each.number for each in found if each.number not in numbers and each.parcel != ParcelState.HERE]
    if not fresh:
        known = ", ".join(str(each) for each in found)
        return numbers, _("%(numbers)s is in this list already, or is here already.") % {"numbers": known}
    return [*numbers, *fresh][:_MOST_RETURNS], ""


@desk(Permission.RECEIVE_GOODS)
def unknown(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Receive a parcel that nobody announced: who sent it as the slip says, its number, a note, photos."""
    photos, said = Photos([], []), ""
    typed = {name: request.POST.get(name, "") for name in ("sender_name", "tracking_number", "note")}
    if request.method == "POST":
        now = clock.now()
        photos = photos_from(request, by, now=now)
        if not any(value.strip() for value in typed.values()) and not photos.kept:
            said = _("Write the sender or the number of the slip. If neither can be read, describe the parcel.")
        elif not photos.said:
            actions.book_in(
                by=by,
                sender_name=typed["sender_name"],
                tracking_number=typed["tracking_number"],
                note=typed["note"][:_LONGEST_NOTE],
                photos=photos.kept,
                nonce=_nonce(request.POST.get("nonce", "")),
                now=now,
            )
            messages.success(request, _("Received. The parcel lies with those of nobody until it is sorted."))
            return redirect(f"{address('warehouse', by.shop.slug)}?show=unsorted")
    else:
        scanned = request.GET.get("q", "")[:LONGEST_SCAN]
        typed["tracking_number"] = _tracking(scanned)
        typed["note"] = scanned if scanned and not typed["tracking_number"] else ""
    context = {
        **typed,
        "said": said,
        "photos": tokens(photos, by),
        "photos_said": photos.said,
        "nonce": request.POST.get("nonce") or secrets.token_hex(16),
    }
    request.desk_section = "warehouse"  # type: ignore[attr-defined]
    return render(request, "staff/warehouse_unknown.html", context, status=422 if said or photos.said else 200)


@desk(Permission.RECEIVE_GOODS)
def parcel(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A parcel of nobody: look for its return (`q`), then sort it (POST `r` with the quantities)."""
    found = parcel_by_id(by.shop, pk)
    if found is None:
        raise Http404
    if found.is_announced or found.sorted_at:
        messages.success(request, _("This parcel is sorted already."))
        return _home(by)
    if request.method != "POST":
        scanned = request.GET.get("q", found.sender_name).strip()[:LONGEST_SCAN]
        returns = [each for each in _wanted(by, scanned) if each.parcel != ParcelState.HERE]
        return _parcel_page(request, found, Box(returns, None), scanned=scanned)
    box = Box(returns_by_numbers(by.shop, _numbers(request.POST.getlist("r"))[:1]), request.POST.dict())
    if box.returns and box.check():
        try:
            actions.sort_parcel(by=by, parcel_id=pk, inside=box.inside, now=clock.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            box.said = str(refusal)
        else:
            messages.success(request, _("Received: %(numbers)s") % {"numbers": str(box.returns[0])})
            return redirect("staff:warehouse_inspect", by.shop.slug, box.returns[0].number)
    return _parcel_page(request, found, box, scanned=request.POST.get("q", ""), status=422)


def _parcel_page(
    request: HttpRequest, parcel: Parcel, box: Box, *, scanned: str, status: int = 200
) -> HttpResponseBase:
    context = {
        "parcel": parcel,
        "photos": list(parcel.photos.all()),
        "now": clock.now(),
        "groups": box.groups,
        "said": box.said,
        "scanned": scanned,
        "is_missing": "q" in request.GET and bool(scanned) and not box.groups,
        "is_guess": "q" not in request.GET and request.method != "POST" and bool(box.groups),
    }
    request.desk_section = "warehouse"  # type: ignore[attr-defined]
    return render(request, "staff/warehouse_parcel.html", context, status=status)


def _wanted(by: Membership, scanned: str) -> list[Return]:
    return (returns_by_scan(by.shop, scanned) or returns_by_name(by.shop, scanned)) if scanned else []


def _numbers(written: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(int(each) for each in written if _NUMBER.fullmatch(each)))[:_MOST_RETURNS]


def _nonce(written: str) -> str:
    """The page's nonce; a made-up one becomes a new one."""
    return written if _NONCE.fullmatch(written) else secrets.token_hex(16)


def _tracking(scanned: str) -> str:
    """The number of a carrier's slip in what was scanned, "" for anything else."""
    digits = re.sub(r"[^0-9]", "", fold(scanned))
    return digits if len(digits) >= 10 and re.fullmatch(r"[a-d]?[0-9\- ]+[a-d]?", fold(scanned).strip()) else ""


def _home(by: Membership) -> HttpResponseBase:
    return redirect("staff:warehouse", by.shop.slug)
