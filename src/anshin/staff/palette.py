"""The field that Ctrl-K opens: cases, customers, orders and pages for what is typed, each with its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.queries import quick_cases, quick_unnamed
from anshin.commerce import queries as commerce
from anshin.language.folding import fold
from anshin.language.names import katakana
from anshin.returns.queries import returns_by_scan
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.rail import rail_sections, rail_views
from anshin.staff.veil import is_veiled

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_MOST = 5
_SHORTEST_NAME = 2
Item = dict[str, Any]


@desk(Permission.READ_CASES)
def palette(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The groups for ?q=; without it, the pages of the desk."""
    typed = request.GET.get("q", "").strip()[:100]
    groups = [
        {"label": _("Pages"), "items": list(_pages(by, typed))},
        {"label": _("Cases"), "items": list(_cases(by, typed)) if typed else []},
        {"label": pgettext("rail", "Returns"), "items": list(_returns(by, typed)) if typed else []},
        {"label": _("Orders"), "items": list(_orders(by, typed)) if typed else []},
        {"label": _("Customers"), "items": list(_customers(by, typed)) if len(typed) >= _SHORTEST_NAME else []},
    ]
    if typed:
        everything = {
            "label": _("Search all cases for “%(typed)s”") % {"typed": typed},
            "icon": "search",
            "url": f"{address('search', by.shop.slug)}?{urlencode({'q': typed})}",
            "hint": "",
        }
        groups.append({"label": _("Search page"), "items": [everything]})
    return render(request, "staff/_palette.html", {"groups": [group for group in groups if group["items"]]})


def _pages(by: Membership, typed: str) -> Iterator[Item]:
    wanted = katakana(fold(typed)).replace(" ", "")
    found = 0
    for item in _places(by):
        if wanted in katakana(fold(item["label"])).replace(" ", "") and found < (_MOST if typed else 20):
            found += 1
            yield {"label": item["label"], "icon": item["icon"], "url": item["url"], "hint": item.get("key", "")}


def _places(by: Membership) -> Iterable[Item]:
    yield from rail_views(by, view=None)
    for section in rail_sections(by):
        yield from section["items"]


def _cases(by: Membership, typed: str) -> Iterator[Item]:
    for row in quick_unnamed(by, typed, most=_MOST) if is_veiled(by) else quick_cases(by, typed, most=_MOST):
        yield {
            "label": row.subject or _("(no subject)"),
            "icon": "message-square",
            "url": address("case", by.shop.slug, row.number),
            "hint": f"#{row.number} {row.customer_name or ''}".strip(),
        }


def _returns(by: Membership, typed: str) -> Iterator[Item]:
    if is_veiled(by):
        return
    for returned in returns_by_scan(by.shop, typed)[:_MOST]:
        yield {
            "label": f"{returned} {returned.lines.all()[0].name}",
            "icon": "undo-2",
            "url": address("return", by.shop.slug, returned.number),
            "hint": returned.customer.name if returned.customer else "",
        }


def _orders(by: Membership, typed: str) -> Iterator[Item]:
    if not may(by, Permission.SEE_ORDERS):
        return
    for order in commerce.orders_by_numbers(by.shop, [typed])[:_MOST]:
        url = address("order", by.shop.slug, order.pk)
        hint = "" if is_veiled(by) else order.customer.name
        yield {"label": order.number, "icon": "package", "url": url, "hint": hint}


def _customers(by: Membership, typed: str) -> Iterator[Item]:
    if not may(by, Permission.SEE_ORDERS) or is_veiled(by):
        return
    for customer in commerce.customers(by.shop, wanted=typed, size=_MOST).items:
        url = address("customer", by.shop.slug, customer.pk)
        label = customer.name or _("Without a name")
        yield {"label": label, "icon": "user-round", "url": url, "hint": customer.kana}
