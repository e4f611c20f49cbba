"""Tags of a customer: put on and taken off beside a case, or on the customer's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from anshin.commerce import actions
from anshin.commerce.queries import customer_card
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.desk import came_from, desk, is_fragment
from anshin.staff.orders import customer_page

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.TRIAGE)
def tag_customer(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Put a tag on the customer, or with remove= take one off."""
    card = customer_card(by.shop, pk)
    if card is None:
        raise Http404
    unwanted = request.POST.get("remove", "")
    names = [name for name in [*card.customer.tags, request.POST.get("tag", "")] if name != unwanted]
    try:
        actions.set_customer_tags(by=by, customer_id=pk, names=names, now=clock.now())
    except actions.CustomerNotTagged as refusal:
        messages.error(request, str(refusal))
    return _answer(request, by, pk)


def _answer(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    number = request.POST.get("case", "")
    if not is_fragment(request):
        return redirect(came_from(request) or reverse("staff:customer", args=[by.shop.slug, pk]))
    if number.isdecimal() and len(number) < 10:
        return draw(request, by, find_case(by, int(number)))
    return customer_page(request, by, pk)
