"""Replies that have not left: those that wait for approval, and whether one leaves at a time of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache

from anshin.cases import rules
from anshin.cases.models import Message
from anshin.cases.terms import Delivery
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_MOST_COUNTED = 100
_KEPT_SECONDS = 30
_TO_APPROVE = Prepared(
    lambda shop: Message.objects.filter(shop_id=shop, delivery=Delivery.APPROVAL).values_list("id")[:_MOST_COUNTED],
    shop=int,
)


def replies_to_approve(shop: Shop, *, cursor: str = "", size: int = 30) -> Page[Message]:
    """The shop's replies that wait for approval, oldest first, with case, customer and writer. Raises BadCursor."""
    rows = Message.objects.filter(shop=shop, delivery=Delivery.APPROVAL)
    return page_of(
        rows.select_related("case__customer", "author__person"), order=("at", "id"), size=size, cursor=cursor
    )


def count_to_approve(shop: Shop) -> int:
    """How many wait, counted up to 100, as of half a minute ago at the latest: every page of a manager shows it."""
    counted = cache.get_or_set(to_approve_key(shop.pk), lambda: len(_TO_APPROVE.tuples(shop=shop.pk)), _KEPT_SECONDS)
    return int(counted or 0)


def to_approve_key(shop_id: int) -> str:
    """Under which the count is kept; whoever writes, approves or sends back such a reply forgets it."""
    return f"cases.to_approve.{shop_id}"


def leaves_later(message: Message) -> bool:
    """Whether somebody chose when the reply leaves."""
    return rules.is_scheduled(message.at, message.leaves_at)
