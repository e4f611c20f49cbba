"""Whether a case is one beside which the stock of its goods stands, and how stock is shown on the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import CasePage
from anshin.cases.terms import Status
from anshin.language.topics.codes import base_code
from anshin.plumbing.pages import dates
from anshin.replies.queries import stock_line
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.commerce.queries import StockFact
    from anshin.shops.models import Membership

_ABOUT_STOCK: Final = frozenset({"product.stock", "product.info", "order.change", "return.exchange"})


def stock_url(by: Membership, page: CasePage) -> str:
    """Where the card is fetched; "" for a case that is not about what there is. No query."""
    codes = {base_code(code) for code, _share in page.case.topics}
    if not codes & _ABOUT_STOCK or page.case.status == Status.SPAM or not may(by, Permission.SEE_ORDERS):
        return ""
    return address("stock_card", by.shop.slug, page.case.number)


def stock_row(by: Membership, fact: StockFact, *, now: datetime, letter_language: str) -> dict[str, Any]:
    """One product of staff/_stock.html."""
    language, zone = get_language() or "ja", ZoneInfo(by.shop.zone)
    at = dates.when(fact.told_at, now=now, language=language)
    expected = dates.day(fact.next_on, today=now.astimezone(zone).date(), language=language) if fact.next_on else ""
    kind, icon, words = state_of(fact.quantity)
    return {
        "name": fact.name,
        "variant": fact.variant,
        "sku": fact.sku,
        "kind": kind,
        "icon": icon,
        "state": words,
        "next": _("Expected %(day)s") % {"day": expected} if expected else "",
        "as_of": _("as of %(at)s") % {"at": at},
        "is_old": not fact.is_fresh(now),
        "put": stock_line(fact, language=letter_language, zone=zone) if may(by, Permission.ANSWER) else "",
    }


def state_of(quantity: int) -> tuple[str, str, str]:
    """Kind, icon and words of a tag for that many pieces."""
    if not quantity:
        return "bad", "circle-x", _("None left")
    return ("warn" if quantity <= 5 else "good"), "package", _("%(count)s in stock") % {"count": f"{quantity:,}"}
