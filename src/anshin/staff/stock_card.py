"""What is in stock of the goods that a case is about, or that are looked for: beside the case, with its age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anshin.cases.queries import case_page
from anshin.commerce.queries import stock_like
from anshin.language.written import LETTER_LANGUAGES
from anshin.plumbing import clock
from anshin.replies.queries import stock_of_case
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment
from anshin.staff.rail import rail
from anshin.staff.stock_facts import stock_row

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST_ASKED = 80


@require_GET
@desk(Permission.READ_CASES)
def stock_card(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The card's content for a script, a page of its own without one."""
    if not may(by, Permission.SEE_ORDERS):
        raise Http404
    found, now = find_case(by, number), clock.now()
    asked = request.GET.get("q", "").strip()[:_LONGEST_ASKED]
    facts = stock_like(by.shop, asked) if asked else stock_of_case(by.shop, case_page(by, found))
    language = found.language if found.language in LETTER_LANGUAGES else "ja"
    context: dict[str, Any] = {
        "rows": [stock_row(by, fact, now=now, letter_language=language) for fact in facts],
        "asked": asked,
        "number": found.number,
        "stock_url": address("stock_card", by.shop.slug, found.number),
    }
    if is_fragment(request):
        return render(request, "staff/_stock.html", context)
    beside = {"title": found.subject or _("(no subject)"), "case_url": address("case", by.shop.slug, found.number)}
    return render(request, "staff/stock_of_case.html", context | rail(by, view=None) | beside)
