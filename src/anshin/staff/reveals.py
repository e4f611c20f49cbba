"""Showing the customer of a case for ten minutes to somebody who may not know customers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from anshin.cases import actions
from anshin.cases.queries import case_by_number, reveal_of
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership


@desk(Permission.ANSWER)
def reveal(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Ask why, then show the customer; without a reason the page again."""
    found = case_by_number(by.shop, number)
    if found is None or not is_veiled(by):
        return redirect("staff:case", by.shop.slug, number)
    context = {"case": found, "minutes": actions.REVEAL_MINUTES, "refusal": ""}
    if request.method == "POST":
        try:
            actions.reveal_customer(by=by, case_id=found.pk, reason=request.POST.get("reason", ""), now=clock.now())
        except actions.NoReason as refusal:
            return render(request, "staff/reveal.html", context | {"refusal": str(refusal)}, status=422)
        return redirect("staff:case", by.shop.slug, number)
    return render(request, "staff/reveal.html", context)


def reveal_facts(by: Membership, case: Case, *, now: datetime) -> dict[str, str]:
    """Whether this person is shown the customer, and how they can be; empty for who knows customers anyway.

    `left_seconds`: after so many the page asks for itself anew, without the customer.
    """
    if not is_veiled(by):
        return {}
    url = address("reveal", by.shop.slug, case.number)
    shown = reveal_of(by, case, now=now)
    if shown is None:
        words = _("Who the customer is stays hidden: names, addresses, numbers, files.")
        return {
            "words": words,
            "url": url,
            "do": _("Show for %(minutes)s minutes") % {"minutes": actions.REVEAL_MINUTES},
        }
    until = timezone.localtime(shown.until_at).strftime("%H:%M")
    left = int((shown.until_at - now).total_seconds()) + 1
    return {"words": _("You see the customer of this case until %(at)s.") % {"at": until}, "left_seconds": str(left)}
