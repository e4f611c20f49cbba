"""A person says that mail to an address arrives after all, or takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.commerce import actions
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import draw, find_case
from anshin.staff.desk import came_from, desk, is_fragment, toast
from anshin.staff.orders import customer_page

if TYPE_CHECKING:
    from anshin.commerce.models import ContactPoint
    from anshin.shops.models import Membership


@require_POST
@desk(Permission.ANSWER)
def trust(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Take the mark off an address."""
    contact = actions.trust_address(by=by, contact_id=pk, now=clock.now())
    said = _("Mail to %(mail)s counts as arriving again.") % {"mail": contact.value}
    return _answer(request, by, contact, said, undo_url=reverse("staff:address_mark", args=[by.shop.slug, pk]))


@require_POST
@desk(Permission.ANSWER)
def mark(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Put the mark back: the undo of `trust`."""
    contact = actions.mark_again(by=by, contact_id=pk, now=clock.now())
    return _answer(request, by, contact, _("%(mail)s is marked again.") % {"mail": contact.value})


def _answer(
    request: HttpRequest, by: Membership, contact: ContactPoint, said: str, *, undo_url: str = ""
) -> HttpResponseBase:
    """The page on which the click was, with a word about what was done; an undo fetches its page by itself."""
    if not is_fragment(request):
        messages.success(request, said)
        here = reverse("staff:customer", args=[by.shop.slug, contact.customer_id])
        return redirect(came_from(request) or here)
    return toast(_page(request, by, contact), said, undo_url=undo_url)


def _page(request: HttpRequest, by: Membership, contact: ContactPoint) -> HttpResponse:
    number, page = request.POST.get("case", ""), request.POST.get("page", "")
    if number.isdecimal() and len(number) < 10:
        return draw(request, by, find_case(by, int(number)))
    return customer_page(request, by, contact.customer_id) if page == "customer" else HttpResponse(status=204)
