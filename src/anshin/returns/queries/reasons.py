"""Why things come back, product by product (requirements 55, 56), and the pages that should be looked at for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Prefetch, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from anshin.commerce.queries import pieces_sold
from anshin.plumbing.pages.keyset import Page, beyond, page_from, page_of, steps_from
from anshin.plumbing.prepared import Prepared
from anshin.returns.models import ImprovementOutcome, ImprovementTask, ReturnLine, ReturnPhoto
from anshin.returns.queries.lists import setting_of
from anshin.returns.rules.improving import PAGE_REASONS, Figure
from anshin.returns.terms import Approval, ImprovementState, PhotoStage

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_ORDER = ("-returns", "key")
_KEPT_SECONDS = 30
_OPEN = Prepared(
    lambda shop: ImprovementTask.objects.filter(shop_id=shop, state=ImprovementState.OPEN).values_list("id")[:99],
    shop=int,
)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """So many returns and pieces for one reason."""

    reason: str
    sub_reason: str
    returns: int
    pieces: int


@dataclass(frozen=True, slots=True)
class ProductReasons:
    """Why one product came back in a time, the most frequent reason first.

    `sold`: pieces ordered in the same time, of which earlier ones may have come back. `task`: its page is or was to be
    looked at.
    """

    key: str
    sku: str
    name: str
    returns: int
    pieces: int
    sold: int
    reasons: tuple[ReasonCount, ...]
    task: ImprovementTask | None

    @property
    def percent(self) -> float | None:
        """Pieces that came back of those sold; None where nothing was sold in that time."""
        return round(self.pieces * 100 / self.sold, 1) if self.sold else None


@dataclass(frozen=True, slots=True)
class _Counted:
    key: str
    sku: str
    name: str
    returns: int
    pieces: int


def reasons_by_product(
    shop: Shop, *, since: datetime, until: datetime, cursor: str = "", size: int = 25
) -> Page[ProductReasons]:
    """A page of products, those with most returns first; withdrawn requests do not count. Four queries, whatever the
    number. Raises BadCursor."""
    lines = _lines(shop.pk).filter(returned__asked_at__gte=since, returned__asked_at__lt=until)
    steps, values = steps_from(_ORDER, cursor)
    grouped = lines.values("key").annotate(
        returns=Count("returned", distinct=True),
        pieces=Sum("quantity"),
        label=Max("name"),
        number=Max("sku"),
    )
    if values:
        grouped = grouped.filter(beyond(steps, values))
    found = [
        _Counted(row["key"], row["number"], row["label"], row["returns"], row["pieces"])
        for row in grouped.order_by(*steps)[: size + 1]
    ]
    page = page_from(found, order=_ORDER, size=size, cursor=cursor)
    return Page(_filled(shop, page.items, lines, since, until), page.next, page.previous)


def figures_of(shop: Shop, key: str, *, since: datetime) -> tuple[list[Figure], int]:
    """How often a product that was ordered since then came back, by reason, and how many were sold: two queries."""
    lines = _lines(shop.pk).filter(key=key, order__ordered_at__gte=since)
    rows = lines.values("reason").annotate(returns=Count("returned", distinct=True), pieces=Sum("quantity"))
    figures = [Figure(row["reason"], row["returns"], row["pieces"]) for row in rows.order_by("reason")]
    return figures, pieces_sold(shop, [key], since=since).get(key, 0)


def improvements(shop: Shop, *, state: ImprovementState, cursor: str = "", size: int = 50) -> Page[ImprovementTask]:
    """Tasks in a state, the one opened last first: one query. Raises BadCursor."""
    found = ImprovementTask.objects.filter(shop=shop, state=state)
    return page_of(found, order=("-opened_at", "-id"), size=size, cursor=cursor)


def improvement_by_id(shop: Shop, task_id: int) -> ImprovementTask | None:
    """A task of this shop."""
    return ImprovementTask.objects.filter(shop=shop, pk=task_id).first()


def improvement_outcomes(task: ImprovementTask) -> list[ImprovementOutcome]:
    """What was changed or said so far, newest first."""
    return list(task.outcomes.select_related("by__person").order_by("-id"))


def improvement_reasons(task: ImprovementTask) -> list[ReasonCount]:
    """Why the product came back for reasons that its page can prevent, part by part, ever since it was sold."""
    lines = _lines(task.shop_id).filter(key=task.product_key, reason__in=PAGE_REASONS)
    return [count for _key, count in _counts(lines)]


def improvement_voices(task: ImprovementTask, *, cursor: str = "", size: int = 20) -> Page[ReturnLine]:
    """What customers said and photographed of the product, newest first; `returned.photos` are their pictures of it or
    of the whole. Two queries. Raises BadCursor."""
    lines = _lines(task.shop_id).filter(key=task.product_key, reason__in=PAGE_REASONS)
    pictures = ReturnPhoto.objects.filter(stage=PhotoStage.REQUEST).select_related("blob").order_by("id")
    found = lines.select_related("returned__customer").prefetch_related(Prefetch("returned__photos", pictures))
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def improvement_count(shop_id: int) -> int:
    """How many pages should be looked at, 99 at most, as of half a minute ago at the latest; every page shows it."""
    return int(cache.get_or_set(improvement_key(shop_id), lambda: len(_OPEN.tuples(shop=shop_id)), _KEPT_SECONDS) or 0)


def improvement_key(shop_id: int) -> str:
    """Under which the count is kept; whoever opens or finishes a task forgets it."""
    return f"returns.improvements.{shop_id}"


def product_page(shop: Shop, sku: str) -> str:
    """The address of a product's page in the shop; "" where it is not known."""
    pattern = setting_of(shop).product_page
    return pattern.replace("{sku}", sku) if pattern and sku else ""


def _lines(shop_id: int) -> QuerySet[Any]:
    """Lines of returns that were not withdrawn, with the product's key."""
    found = ReturnLine.objects.filter(shop_id=shop_id).exclude(returned__approval=Approval.WITHDRAWN)
    return found.annotate(key=Coalesce(NullIf("sku", Value("")), F("name"))).order_by()


def _filled(
    shop: Shop, counted: Sequence[_Counted], lines: QuerySet[Any], since: datetime, until: datetime
) -> list[ProductReasons]:
    keys = [each.key for each in counted]
    sold = pieces_sold(shop, keys, since=since, until=until) if keys else {}
    tasks = {task.product_key: task for task in ImprovementTask.objects.filter(shop=shop, product_key__in=keys)}
    reasons: dict[str, list[ReasonCount]] = {}
    for key, count in _counts(lines.filter(key__in=keys)) if keys else ():
        reasons.setdefault(key, []).append(count)
    return [
        ProductReasons(
            key=each.key,
            sku=each.sku,
            name=each.name,
            returns=each.returns,
            pieces=each.pieces,
            sold=sold.get(each.key, 0),
            reasons=tuple(reasons.get(each.key, ())),
            task=tasks.get(each.key),
        )
        for each in counted
    ]


def _counts(lines: QuerySet[Any]) -> list[tuple[str, ReasonCount]]:
    grouped = lines.values("key", "reason", "sub_reason").annotate(
        returns=Count("returned", distinct=True), pieces=Sum("quantity")
    )
    return [
        (row["key"], ReasonCount(row["reason"], row["sub_reason"], row["returns"], row["pieces"]))
        for row in grouped.order_by("-returns", "reason", "sub_reason")
    ]
