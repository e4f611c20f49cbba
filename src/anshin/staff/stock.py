"""The shop's stock as it was last told: bring a list, see what stands in it and how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from anshin.commerce import queries as commerce
from anshin.commerce.actions import LARGEST_STOCK_BYTES, StockRefused, StockTaken, take_in_stock
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.brought_files import brought
from anshin.staff.desk import desk
from anshin.staff.stock_facts import state_of

if TYPE_CHECKING:
    from anshin.commerce.models import Stock
    from anshin.shops.models import Membership

SHOWN_REFUSED = 20


@require_http_methods(["GET", "POST"])
@desk(Permission.IMPORT)
def stock(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What was told, page by page; a posted list is taken in at once, and what could not be read stands above."""
    taken, said = _brought(request, by) if request.method == "POST" else (None, "")
    try:
        page = commerce.stock_page(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "imports"  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "rows": [_row(each) for each in page.items],
        "page": page,
        "said": said,
        "done": _done_words(taken) if taken else "",
        "refused": taken.refused[:SHOWN_REFUSED] if taken else [],
        "refused_count": taken.rows_refused if taken else 0,
        "told_at": commerce.stock_told_at(by.shop),
        "largest_mb": LARGEST_STOCK_BYTES // 1024 // 1024,
    }
    return render(request, "staff/stock.html", context, status=422 if said else 200)


def _brought(request: HttpRequest, by: Membership) -> tuple[StockTaken | None, str]:
    return brought(
        request,
        lambda content, _name: take_in_stock(shop=by.shop, content=content, by=by, now=clock.now()),
        largest=LARGEST_STOCK_BYTES,
        refusals=(StockRefused,),
    )


def _done_words(taken: StockTaken) -> str:
    count = taken.changed + taken.same
    words = ngettext(
        "The stock of %(count)s product is taken in.", "The stock of %(count)s products is taken in.", count
    )
    return words % {"count": f"{count:,}"}


def _row(row: Stock) -> dict[str, Any]:
    kind, icon, state = state_of(row.quantity)
    return {"stock": row, "product": row.product, "kind": kind, "icon": icon, "state": state}
