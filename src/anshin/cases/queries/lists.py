"""The inbox's lists: one query a page, paged by key, each on an index that has the list's order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from anshin.cases.models import Case, Message
from anshin.cases.terms import Direction, Sorting, Status, View
from anshin.plumbing.pages import keyset
from anshin.plumbing.pages.keyset import Page
from anshin.plumbing.prepared import Prepared, PreparedIn

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

PAGE_SIZE = 50
_MOST_ROWS = 25


class CaseRow(NamedTuple):
    """One line of a list; plain values, nothing to query."""

    id: int
    number: int
    subject: str
    customer_name: str
    last_line: str
    last_by_customer: bool
    status: str
    owner_id: int | None
    owner_name: str
    is_urgent: bool
    is_unread: bool
    hold: str
    topic: str
    topic_source: str
    order_label: str
    tag_names: tuple[str, ...]
    last_activity_at: datetime
    waiting_since_at: datetime | None
    due_at: datetime | None
    rank_at: datetime | None
    due_state: str | None
    is_follow_up: bool
    first_case_id: int | None
    snoozed_until_at: datetime | None


_COLUMNS = (
    "id",
    "number",
    "subject",
    "customer__name",
    "last_line",
    "last_by_customer",
    "status",
    "owner_id",
    "owner__person__name",
    "is_urgent",
    "is_unread",
    "hold",
    "topic",
    "topic_source",
    "order_label",
    "tag_names",
    "last_activity_at",
    "waiting_since_at",
    "due_at",
    "rank_at",
    "due_state",
    "is_follow_up",
    "first_case_id",
    "snoozed_until_at",
)
_FIRST_IN = Message.objects.filter(case=OuterRef("pk"), direction=Direction.IN).order_by("at", "id")
_SENDER = Coalesce(
    NullIf("customer__name", Value("")),
    Subquery(_FIRST_IN.annotate(who=Coalesce(NullIf("sender_name", Value("")), "sender_mail")).values("who")[:1]),
)
"""Who wrote, for spam, whose senders are nobody's customers."""
_ORDERS: dict[str, tuple[str, ...]] = {
    Sorting.PRIORITY: ("rank_at", "id"),
    Sorting.NEWEST: ("-last_activity_at", "-id"),
    Sorting.LONGEST: ("waiting_since_at", "id"),
    Sorting.DUE: ("due_at", "id"),
}
_NOT_NULL = {
    Sorting.PRIORITY: Q(rank_at__isnull=False),
    Sorting.LONGEST: Q(waiting_since_at__isnull=False),
    Sorting.DUE: Q(due_at__isnull=False),
}


def cases_in_view(by: Membership, view: View, *, sorting: Sorting, cursor: str, tag: str = "") -> Page[CaseRow]:
    """At most PAGE_SIZE rows of a view after `cursor` ("" is the start). Raises keyset.BadCursor."""
    order = _ORDERS[sorting]
    steps, (moment, row_id) = keyset.steps_from(order, cursor) if cursor else (list(order), (None, None))
    values = {"shop": by.shop_id, "owner": by.pk, "tag": tag}
    if cursor:
        if not isinstance(moment, datetime) or type(row_id) is not int:
            raise keyset.BadCursor(cursor)
        values |= {"moment": moment, "row_id": row_id}
    query, names = _list(view, sorting, tuple(steps), bool(cursor), bool(tag))
    found = [CaseRow._make(row) for row in query.tuples(**{name: values[name] for name in names})]
    return keyset.page_from(found, order=order, size=PAGE_SIZE, cursor=cursor)


@cache
def _list(
    view: View, sorting: Sorting, steps: tuple[str, ...], has_cursor: bool, has_tag: bool
) -> tuple[Prepared[Case], frozenset[str]]:
    """The query of a view's page, and the names of its values."""
    kinds: dict[str, type] = {"shop": int}
    if view == View.MINE:
        kinds["owner"] = int
    if has_cursor:
        kinds |= {"moment": datetime, "row_id": int}
    if has_tag:
        kinds["tag"] = str

    def build(shop: int, **values: Any) -> Any:
        condition = _in_view(view, owner_id=values.get("owner"))
        rows = Case.objects.filter(condition, _NOT_NULL.get(sorting, Q()), shop_id=shop)
        if has_tag:
            rows = rows.filter(case_tags__tag__name=values["tag"])
        if has_cursor:
            rows = rows.filter(keyset.beyond(steps, [values["moment"], values["row_id"]]))
        return rows.order_by(*steps).values_list(*_columns(view))[: PAGE_SIZE + 1]

    return Prepared(build, **kinds), frozenset(kinds)


def _columns(view: View) -> list[Any]:
    named = {"customer__name": _SENDER} if view == View.SPAM else {}
    return [named.get(column, column) for column in _COLUMNS]


def rows_of_cases(shop_id: int, case_ids: Collection[int]) -> dict[int, CaseRow]:
    """Rows of these cases of the shop by id: one query for each 25.

    The shop is looked at afterwards: asked for both, SQLite walks through all cases of the shop.
    """
    found = _rows_of().tuples(case_ids)
    return {row[0]: CaseRow._make(row) for owner, *row in found if owner == shop_id}


@cache
def _rows_of() -> PreparedIn[Case]:
    return PreparedIn(
        lambda ids: Case.objects.filter(pk__in=ids).values_list("shop_id", *_columns(View.SPAM)), most=_MOST_ROWS
    )


def _in_view(view: View, *, owner_id: int | None) -> Q:
    if view == View.MINE:
        return Q(status=Status.OPEN, owner_id=owner_id)
    if view == View.UNASSIGNED:
        return Q(status=Status.OPEN, owner_id=None)
    if view == View.DUE_SOON:
        return Q(status=Status.OPEN, due_state__isnull=False)
    return ~Q(status=Status.SPAM) if view == View.ALL else Q(status=view.value)


def ids_of_numbers(by: Membership, numbers: Collection[int]) -> list[tuple[int, list[str]]]:
    """(id, tag names) of the shop's cases with these numbers; numbers of nobody's or another shop's are left out."""
    rows = Case.objects.filter(shop_id=by.shop_id, number__in=numbers, merged_into=None).order_by("id")
    return list(rows.values_list("id", "tag_names"))


def subjects_of_numbers(shop: Shop, numbers: Collection[int]) -> dict[int, str]:
    """Subjects of the shop's cases by number, those it does not have left out: one query, none for no number."""
    if not numbers:
        return {}
    wanted = [number for number in numbers if number < 2**31]
    return dict(Case.objects.filter(shop=shop, number__in=wanted).values_list("number", "subject"))


def case_numbers(shop: Shop, case_ids: Collection[int]) -> dict[int, int]:
    """Numbers of the shop's cases by id: one query."""
    return dict(Case.objects.filter(shop=shop, pk__in=case_ids).values_list("id", "number")) if case_ids else {}


def cases_of_customer(shop: Shop, customer_id: int, *, most: int = 50) -> list[Case]:
    """The customer's newest cases."""
    rows = Case.objects.filter(shop=shop, customer_id=customer_id, merged_into=None).select_related("owner__person")
    return list(rows.order_by("-last_activity_at", "-id")[:most])


def cases_of_order(shop: Shop, order_id: int, *, most: int = 50) -> list[Case]:
    """The newest cases beside which this order stands, proposals included."""
    rows = Case.objects.filter(shop=shop, order_links__order_id=order_id, merged_into=None)
    return list(rows.select_related("owner__person").order_by("-last_activity_at", "-id")[:most])
