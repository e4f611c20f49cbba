"""What was promised to customers: proposed from a text, open in a case, in the shop by day, and how many were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from anshin.language.promises import Until, promises_in
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared
from anshin.replies import rules
from anshin.replies.models import Promise
from anshin.replies.terms import PromiseState
from anshin.shops.queries import calendar_of

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_OPEN = Prepared(
    lambda shop, case: (
        Promise.objects.filter(shop_id=shop, case_id=case, state=PromiseState.OPEN)
        .select_related("owner__person", "message")
        .order_by("due_at", "id")
    ),
    shop=int,
    case=int,
)
_MOST_IN_CASE = 30


@dataclass(frozen=True, slots=True)
class Proposed:
    """A promise that stands in a text. `is_vague`: no day was named, `due_at` is our proposal."""

    key: str
    quote: str
    due_at: datetime
    is_vague: bool


@dataclass(frozen=True, slots=True)
class PromiseFigures:
    """What became of promises; `percent` of those that were kept, None while there is none to judge."""

    kept: int
    late: int
    open: int
    overdue: int

    @property
    def percent(self) -> int | None:
        """Kept in time, of all that were to be kept by now, in whole per cent."""
        judged = self.kept + self.late + self.overdue
        return round(100 * self.kept / judged) if judged else None


def proposed_promises(shop: Shop, text: str, *, leaves_at: datetime) -> list[Proposed]:
    """What a reply that leaves then would promise. Two queries where it promises something, else none."""
    zone = ZoneInfo(shop.zone)
    spoken = promises_in(rules.own_words(text), today=leaves_at.astimezone(zone).date())
    if not spoken:
        return []
    closing = calendar_of(shop).closing
    return [
        Proposed(
            key=rules.promise_key(each.quote),
            quote=each.quote,
            due_at=rules.promise_due(each, leaves_at=leaves_at, closing=closing, zone=zone),
            is_vague=each.until == Until.SOON,
        )
        for each in spoken
    ]


def open_promises(shop: Shop, case_id: int) -> Sequence[Promise]:
    """The promises of a case that are still to be kept, what is due first, with owners. One query."""
    return _OPEN.rows(shop=shop.pk, case=case_id)


def promises_of_case(shop: Shop, case_id: int) -> list[Promise]:
    """All promises of a case, the open ones first, then the newest. One query."""
    rows = Promise.objects.filter(shop=shop, case_id=case_id).select_related("owner__person")
    found = list(rows.order_by("-made_at", "-id")[:_MOST_IN_CASE])
    return sorted(
        found, key=lambda each: (each.state != PromiseState.OPEN, each.due_at if _is_open(each) else each.made_at)
    )


def promise_of(shop: Shop, promise_id: int) -> Promise | None:
    """One promise of this shop, with its case."""
    return Promise.objects.select_related("case", "owner__person").filter(shop=shop, pk=promise_id).first()


def promises_page(shop: Shop, *, owner: Membership | None = None, cursor: str = "", size: int = 50) -> Page[Promise]:
    """Open promises of the shop, what is due first; `owner`: those of one. One query. Raises BadCursor."""
    rows = Promise.objects.filter(shop=shop, state=PromiseState.OPEN).select_related("owner__person", "case__customer")
    if owner is not None:
        rows = rows.filter(owner=owner)
    return page_of(rows, order=("due_at", "id"), size=size, cursor=cursor)


def open_promise_count(shop: Shop, owner: Membership) -> int:
    """How many promises of this member of staff are open. One query."""
    return Promise.objects.filter(shop=shop, owner=owner, state=PromiseState.OPEN).count()


def promise_figures(shop: Shop, *, since: datetime, now: datetime) -> PromiseFigures:
    """What was settled since then, and what is open now. One query."""
    settled = Q(settled_at__gte=since)
    found = Promise.objects.filter(settled | Q(state=PromiseState.OPEN), shop=shop).aggregate(
        kept=Count("id", filter=Q(state=PromiseState.KEPT)),
        late=Count("id", filter=Q(state=PromiseState.KEPT_LATE)),
        open=Count("id", filter=Q(state=PromiseState.OPEN)),
        overdue=Count("id", filter=Q(state=PromiseState.OPEN, due_at__lt=now)),
    )
    return PromiseFigures(**found)


def _is_open(promise: Promise) -> bool:
    return promise.state == PromiseState.OPEN
