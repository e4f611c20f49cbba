"""What waits for whom: every return that is not over, by whose turn it is, longest overdue first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns import queries
from anshin.returns.queries import Party
from anshin.returns.terms import Approval, ExchangeState, MoneyState, ParcelState, WaitsFor
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

_ICONS = {
    Party.STAFF: "user-round",
    Party.WAREHOUSE: "package-check",
    Party.MANAGER: "user-round-check",
    Party.CUSTOMER: "users-round",
    Party.CARRIER: "truck",
    Party.PROVIDER: "wallet",
}
_OF_MONEY = {
    MoneyState.TO_CONFIRM: gettext_lazy("Confirm the refund"),
    MoneyState.SECOND: gettext_lazy("Confirm the refund as the second person"),
    MoneyState.SENDING: gettext_lazy("The money is on its way"),
    MoneyState.FAILED: gettext_lazy("The refund did not get through: try again, or another way"),
}
_OF_PARCEL = {
    ParcelState.AWAITED: gettext_lazy("Send the parcel"),
    ParcelState.ON_ITS_WAY: gettext_lazy("The parcel is on its way"),
}


@require_GET
@desk(Permission.READ_CASES)
def turns(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The list, of everybody or of ?who=."""
    request.desk_section = "returns"  # type: ignore[attr-defined]
    who, now = request.GET.get("who", ""), clock.now()
    if who and who not in Party.values:
        raise Http404
    party = Party(who) if who else None
    try:
        page = queries.waiting_returns(by.shop, party=party, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    counts, base = queries.waiting_counts(by.shop, now=now), address("returns_turns", by.shop.slug)
    everybody = {
        "label": pgettext("turn", "Everybody"),
        "count": sum(each.all for each in counts.values()),
        "late": sum(each.overdue for each in counts.values()),
        "url": base,
        "on": party is None,
        "icon": "layers",
    }
    context = {
        "chips": [everybody, *(_chip(each, counts[each], base, party) for each in Party)],
        "rows": [_row(each, by, now) for each in page.items],
        "page": page,
        "query": f"{urlencode({'who': who})}&" if who else "",
        "late": everybody["late"],
        "returns_url": address("returns", by.shop.slug),
        "party": party,
    }
    return render(request, "staff/returns_turns.html", context)


def _chip(party: Party, waiting: queries.Waiting, base: str, on: Party | None) -> dict[str, Any]:
    return {
        "label": party.label,
        "count": waiting.all,
        "late": waiting.overdue,
        "url": f"{base}?{urlencode({'who': party.value})}",
        "on": party == on,
        "icon": _ICONS[party],
    }


def _row(returned: Return, by: Membership, now: datetime) -> dict[str, Any]:
    row, party = queries.row_of(returned, now), queries.party_of(returned) or Party.STAFF
    return {
        "number": str(returned),
        "url": address("return", by.shop.slug, returned.number),
        "customer": returned.customer.name if returned.customer else "",
        "item": row.item,
        "more": row.more,
        "party": party.label,
        "icon": _ICONS[party],
        "what": what_waits(returned),
        "since": dates.ago(returned.waits_since, now=now, language=get_language() or "ja"),
        "since_at": words.when_of(returned.waits_since, now),
        "due": words.due(returned, now),
    }


def what_waits(returned: Return) -> str:
    """What has to be done next, in words."""
    if returned.approval == Approval.ASKED:
        return _("Decide whether to take it back")
    if returned.waits_for == WaitsFor.WAREHOUSE:
        return _("Inspect what arrived")
    if returned.exchange == ExchangeState.OUT_OF_STOCK:
        return _("Out of stock: agree on another variant, or pay back")
    what = _OF_MONEY.get(MoneyState(returned.money)) or _OF_PARCEL.get(ParcelState(returned.parcel))
    if what is None and returned.exchange == ExchangeState.TO_SEND:
        return _("Send the exchange")
    return str(what or _("Settle, or send the other item"))
