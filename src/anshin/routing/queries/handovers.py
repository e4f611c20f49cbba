"""Notes from one shift to the next, as the board shows them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.routing.models import Handover, HandoverRead

if TYPE_CHECKING:
    from anshin.shops.models import Membership

HANDOVERS_A_PAGE = 30
_MOST_SHOWN = 3


def handovers_of(by: Membership, *, day: date, today: date, cursor: str = "") -> Page[Handover]:
    """The notes of a day, newest first; today also what is left from before. Two queries. Raises keyset.BadCursor."""
    chosen = Q(on=day)
    if day == today:
        chosen |= Q(on__lt=day, done_at=None)
    reads = HandoverRead.objects.select_related("member__person").order_by("at", "id")
    rows = Handover.objects.filter(chosen, shop_id=by.shop_id).select_related(
        "author__person", "receiver__person", "done_by__person"
    )
    return page_of(
        rows.prefetch_related(Prefetch("reads", queryset=reads)),
        order=("-id",),
        size=HANDOVERS_A_PAGE,
        cursor=cursor,
    )


def unread_handovers(by: Membership, *, most: int = _MOST_SHOWN) -> list[Handover]:
    """Up to `most` + 1 notes that are for this person or everybody, not done and not read by them: one query."""
    return list(_unread(by).select_related("author__person").order_by("-id")[: most + 1])


def _unread(by: Membership) -> QuerySet[Handover]:
    seen = HandoverRead.objects.filter(handover=OuterRef("pk"), member=by)
    mine = Q(receiver=None) | Q(receiver=by)
    return Handover.objects.filter(mine, ~Exists(seen), shop_id=by.shop_id, done_at=None)
