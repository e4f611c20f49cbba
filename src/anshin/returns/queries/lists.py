"""Lists of returns: by whose turn it is, by customer, by case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count, Prefetch, Q, QuerySet, TextChoices, prefetch_related_objects
from django.utils.translation import pgettext_lazy

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared, PreparedIn, keep_related
from anshin.returns.models import Return, ReturnLine, ReturnSetting, Settlement
from anshin.returns.terms import Approval, Reason, WaitsFor

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop


class Tab(TextChoices):
    """The lists of the returns page, by the axis that waits."""

    ALL = "all", pgettext_lazy("returns", "All")
    APPROVE = "approve", pgettext_lazy("returns", "Wait for approval")
    PARCEL = "parcel", pgettext_lazy("returns", "Wait for the parcel")
    INSPECT = "inspect", pgettext_lazy("returns", "To inspect")
    PAY = "pay", pgettext_lazy("returns", "To pay back")


_IN_TAB = {
    Tab.ALL: Q(),
    Tab.APPROVE: Q(approval=Approval.ASKED),
    Tab.PARCEL: Q(waits_for=WaitsFor.CUSTOMER),
    Tab.INSPECT: Q(waits_for=WaitsFor.WAREHOUSE),
    Tab.PAY: Q(approval=Approval.APPROVED, closed_at=None) & ~Q(waits_for__in=[WaitsFor.CUSTOMER, WaitsFor.WAREHOUSE]),
}


_KEPT_SECONDS = 30
_ROWS = Return.objects.select_related("customer").only(
    "number",
    "approval",
    "parcel",
    "inspection",
    "money",
    "exchange",
    "ground",
    "waits_for",
    "due_at",
    "closed_at",
    "customer__name",
)
"""What a line of a list shows of a return."""
_GOODS = PreparedIn(
    lambda ids: (
        ReturnLine.objects.filter(returned_id__in=ids)
        .order_by()
        .values_list("returned_id", "place", "name", "variant", "reason")
    ),
    most=50,
)
_WAITING = Prepared(
    lambda shop: Return.objects.filter(
        Q(waits_for=WaitsFor.STAFF) | Q(waits_for=WaitsFor.MANAGER), shop_id=shop
    ).values_list("id")[:99],
    shop=int,
)
_LINES_OF: PreparedIn[ReturnLine] = PreparedIn(
    lambda returns, shop: ReturnLine.objects.filter(shop_id=shop, returned_id__in=returns).order_by("place"),
    most=20,
    shop=int,
)
_ASKED_WITH = Prepared(
    lambda case, at: Return.objects.filter(case_id=case, asked_at=at).order_by("id"), case=int, at=datetime
)
_OF_CUSTOMER = Prepared(
    lambda shop, customer: Return.objects.filter(shop_id=shop, customer_id=customer).order_by("-id")[:100],
    shop=int,
    customer=int,
)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One line of the list; nothing further is read from the database."""

    returned: Return
    item: str
    more: int
    reason: str
    is_overdue: bool


def return_rows(shop: Shop, *, tab: Tab = Tab.ALL, now: datetime, cursor: str = "", size: int = 50) -> Page[ReturnRow]:
    """One page, newest first: two queries. Raises BadCursor."""
    page = page_of(_ROWS.filter(_IN_TAB[tab], shop=shop), order=("-id",), size=size, cursor=cursor)
    return Page(_rows(page.items, now), page.next, page.previous)


def tab_counts(shop: Shop) -> dict[Tab, int]:
    """How many returns stand in each list, as of half a minute ago at the latest: one query, or none.

    Kept like `waiting_count`, since they are counted over all returns of the shop.
    """
    counts = cache.get_or_set(tabs_key(shop.pk), partial(_counted, shop.pk), _KEPT_SECONDS) or {}
    return {tab: counts.get(tab.value, 0) for tab in Tab}


def tabs_key(shop_id: int) -> str:
    """Under which the counts of the tabs are kept; whoever moves a return forgets them."""
    return f"returns.tabs.{shop_id}"


def _counted(shop_id: int) -> dict[str, int]:
    wanted = {tab.value: Count("pk", filter=condition) for tab, condition in _IN_TAB.items()}
    return Return.objects.filter(shop_id=shop_id).aggregate(**wanted)


def setting_of(shop: Shop) -> ReturnSetting:
    """The shop's times and address, or the defaults."""
    return ReturnSetting.objects.filter(shop=shop).first() or ReturnSetting(shop=shop)


def has_returns(shop: Shop, case_id: int) -> bool:
    """Whether anything is returned in this case."""
    return Return.objects.filter(shop=shop, case_id=case_id).exists()


def returns_of_case(shop: Shop, case_id: int) -> list[Return]:
    """The returns of a case with their lines, newest first: two queries."""
    found = Return.objects.filter(shop=shop, case_id=case_id).prefetch_related(_lines())
    return list(found.order_by("-id"))


def returns_of_customer(shop: Shop, customer: Customer) -> list[Return]:
    """A customer's returns with their lines, newest first, at most a hundred: two queries."""
    found = _OF_CUSTOMER.rows(shop=shop.pk, customer=customer.pk)
    lines: dict[int, list[ReturnLine]] = {each.pk: [] for each in found}
    for line in _LINES_OF.rows(list(lines), shop=shop.pk):
        lines[line.returned_id].append(line)
    for each in found:
        keep_related(each, "lines", lines[each.pk])
    return found


def asked_together(returned: Return) -> list[Return]:
    """The other returns that one request of a customer became, with their lines: one query, two where there are any."""
    rows = _ASKED_WITH.rows(case=returned.case_id, at=returned.asked_at)
    found = [each for each in rows if each.pk != returned.pk and each.customer_id == returned.customer_id]
    if found:
        prefetch_related_objects(found, _lines())
    return found


def overdue_inspections(shop: Shop, *, now: datetime) -> QuerySet[Return]:
    """What the warehouse should have looked at by now, longest overdue first (requirement 113)."""
    found = Return.objects.select_related("customer").filter(shop=shop, waits_for=WaitsFor.WAREHOUSE, due_at__lt=now)
    return found.order_by("due_at", "id")


def inspection_rows(shop: Shop, *, now: datetime, cursor: str = "", size: int = 50) -> Page[ReturnRow]:
    """What the warehouse has to look at, longest overdue first (requirement 113): two queries. Raises BadCursor."""
    found = _ROWS.filter(shop=shop, waits_for=WaitsFor.WAREHOUSE, due_at__isnull=False)
    page = page_of(found, order=("due_at", "id"), size=size, cursor=cursor)
    return Page(_rows(page.items, now), page.next, page.previous)


def inspection_count(shop: Shop) -> int:
    """How many returns wait for the warehouse: one query."""
    return Return.objects.filter(shop=shop, waits_for=WaitsFor.WAREHOUSE).count()


def row_of(returned: Return, now: datetime) -> ReturnRow:
    """A return whose lines were read with it, as a line of the list."""
    return _row(returned, [(line.name, line.variant, line.reason) for line in returned.lines.all()], now)


def _rows(found: Sequence[Return], now: datetime) -> list[ReturnRow]:
    """Lines of a list, with the goods of all of them: one query."""
    goods: dict[int, list[tuple[str, str, str]]] = {}
    for returned_id, _place, name, variant, reason in sorted(_GOODS.tuples({each.pk for each in found})):
        goods.setdefault(returned_id, []).append((name, variant, reason))
    return [_row(each, goods[each.pk], now) for each in found]


def _row(returned: Return, goods: Sequence[tuple[str, str, str]], now: datetime) -> ReturnRow:
    name, variant, reason = goods[0]
    return ReturnRow(
        returned=returned,
        item=f"{name} {variant}" if variant else name,
        more=len(goods) - 1,
        reason=str(Reason(reason).label),
        is_overdue=returned.due_at is not None and returned.due_at < now,
    )


def returns_of_refunds(shop: Shop, refund_ids: Collection[int]) -> dict[int, Return]:
    """The returns to which these refunds of commerce belong, by the refund's id: one query."""
    rows = Settlement.objects.select_related("returned").filter(shop=shop, refund__in=refund_ids)
    return {row.refund: row.returned for row in rows if row.refund}


def waiting_count(shop_id: int) -> int:
    """How many returns wait for customer service or a manager, 99 at most, as of half a minute ago at the latest.

    Every page of the desk shows it, so it is kept: a query every 30 seconds a process, and after each step.
    """
    return int(cache.get_or_set(waiting_key(shop_id), lambda: len(_WAITING.tuples(shop=shop_id)), _KEPT_SECONDS) or 0)


def waiting_key(shop_id: int) -> str:
    """Under which the count is kept; whoever moves a return forgets it."""
    return f"returns.waiting.{shop_id}"


def _lines() -> Prefetch[str, QuerySet[ReturnLine], str]:
    return Prefetch("lines", queryset=ReturnLine.objects.order_by("place"))
