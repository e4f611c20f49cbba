"""Where customers can turn: the offices, looked up by a word, and one of them put into a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from anshin.cases.queries import case_page
from anshin.plumbing.pages import dates
from anshin.replies import queries
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_macros import put_in
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.replies.queries import Referral
    from anshin.shops.models import Membership

_LONGEST_ASKED = 80


@require_GET
@desk(Permission.ANSWER)
def referrals(request: HttpRequest, by: Membership) -> HttpResponseBase:  # noqa: ARG001  a view
    """The offices, with ?q= those that fit it."""
    request.desk_section = "macros"  # type: ignore[attr-defined]
    return render(request, "staff/referrals.html", _context(request, get_language() or "ja"))


@require_GET
@desk(Permission.ANSWER)
def case_referrals(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The same for a case, in its customer's language, each to be put into the reply."""
    found = find_case(by, number)
    context = _context(request, found.language or "ja", case=(by.shop.slug, number))
    return render(request, "staff/referrals.html", context | {"case": found})


@require_POST
@desk(Permission.ANSWER)
def insert(request: HttpRequest, by: Membership, number: int, key: str) -> HttpResponseBase:
    """Put an office into the reply, in Japanese or else in English."""
    found = find_case(by, number)
    office = queries.referral_of(key, found.language or "ja")
    if office is None:
        raise Http404
    return put_in(request, by, case_page(by, found), office.text)


def _context(request: HttpRequest, language: str, *, case: tuple[str, int] | None = None) -> dict[str, Any]:
    wanted = request.GET.get("q", "").strip()[:_LONGEST_ASKED]
    found = queries.referrals(language, wanted=wanted)
    return {
        "wanted": wanted,
        "rows": [_row(each, case) for each in found],
        "language": found[0].language if found else "",
    }


def _row(found: Referral, case: tuple[str, int] | None) -> dict[str, Any]:
    day = dates.full_day(found.checked_on, language=get_language() or "ja", with_year=True)
    put_url = address("case_referral", *case, found.key) if case else ""
    return {"office": found, "checked": day, "put_url": put_url}
