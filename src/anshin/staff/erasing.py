"""Erasing a customer: see what goes and what stays, say why and since when it was asked, then erase for ever."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from anshin.cases import actions
from anshin.cases.terms import ErasureGround
from anshin.commerce import queries as commerce
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership

GROUNDS = tuple(ground for ground in ErasureGround if ground is not ErasureGround.PERIOD)
"""Why a person erases somebody; PERIOD is the night's."""


@desk(Permission.STRIKE)
def erase_customer(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """The preview; with a ground and a day: erase."""
    card, now = commerce.customer_card(by.shop, pk), clock.now()
    if card is None:
        raise Http404
    if card.customer.erased_at:
        return redirect("staff:customer", by.shop.slug, pk)
    refusal = ""
    if request.method == "POST":
        ground, asked_on = request.POST.get("ground", ""), _day(request.POST.get("requested_on", ""))
        if ground in GROUNDS and asked_on and asked_on <= timezone.localdate(now):
            try:
                actions.erase_customer(
                    by=by, customer_id=pk, ground=ErasureGround(ground), requested_on=asked_on, now=now
                )
            except actions.CannotErase as error:
                refusal = str(error)
            else:
                messages.success(request, _("The customer is erased."))
                return redirect("staff:customer", by.shop.slug, pk)
        else:
            refusal = _("Choose the ground and the day on which it was asked for, today at the latest.")
    request.desk_section = "customers"  # type: ignore[attr-defined]
    context = {
        "customer": card.customer,
        "found": actions.preview_erasure(by=by, customer_id=pk, now=now),
        "grounds": [(ground.value, ground.label) for ground in GROUNDS],
        "today": timezone.localdate(now).isoformat(),
        "refusal": refusal,
    }
    return render(request, "staff/erase_customer.html", context, status=422 if refusal else 200)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
