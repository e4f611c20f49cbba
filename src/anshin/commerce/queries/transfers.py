"""Reading of transfers: what waits for a batch, the batches, one batch with its lines."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from anshin.commerce.models import Refund, TransferBatch, TransferLine, TransferReply
from anshin.commerce.queries.refunds import refund_setting
from anshin.commerce.rules import bank_days
from anshin.commerce.terms import BatchState, RefundState, RefundWay
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_KEPT_SECONDS = 30


def refunds_for_transfer(shop: Shop) -> QuerySet[Refund]:
    """Refunds that a batch can take: confirmed, by bank, with an account; oldest first."""
    return _waiting(shop).filter(account__isnull=False, account__purged_at=None)


def refunds_without_account(shop: Shop) -> QuerySet[Refund]:
    """Refunds by bank of which the customer has not said the account yet, or not again after a failure."""
    failed = Refund.objects.select_related("order", "customer").filter(
        shop=shop, way=RefundWay.BANK, state=RefundState.FAILED
    )
    return (_waiting(shop).filter(account=None) | failed).order_by("id")


def transfer_batches(shop: Shop, *, cursor: str = "", size: int = 50) -> Page[TransferBatch]:
    """One page of batches, newest first, with the two people: one query. Raises BadCursor."""
    found = TransferBatch.objects.select_related("made_by__person", "approved_by__person").filter(shop=shop)
    return page_of(found.defer("file_sealed"), order=("-number",), size=size, cursor=cursor)


def transfer_batch(shop: Shop, number: int) -> TransferBatch | None:
    """One batch with the two people."""
    found = TransferBatch.objects.select_related("made_by__person", "approved_by__person").defer("file_sealed")
    return found.filter(shop=shop, number=number).first()


def lines_of_batch(batch: TransferBatch) -> QuerySet[TransferLine]:
    """The lines of a batch in their order, with order, customer and account: one query."""
    found = TransferLine.objects.select_related("refund__order", "refund__customer", "refund__account")
    return found.filter(shop_id=batch.shop_id, batch=batch).order_by("position")


def refunds_of_batch(shop_id: int, batch_id: int) -> list[int]:
    """Ids of the refunds that a batch pays, in its order. One query."""
    lines = TransferLine.objects.filter(shop_id=shop_id, batch_id=batch_id).order_by("position")
    return list(lines.values_list("refund_id", flat=True))


def first_day_for_transfers(shop: Shop, *, now: datetime) -> date:
    """The first day for which the shop's bank still takes a file that is made now: one query."""
    setting = refund_setting(shop.pk)
    there = now.astimezone(ZoneInfo(shop.zone))
    return bank_days.first_transfer_day(there, lead_days=setting.transfer_lead_days, cut_off=setting.transfer_cut_off)


def days_for_transfers(shop: Shop, *, now: datetime, count: int = 10) -> list[date]:
    """The next days for which a file that is made now can be: bank days, the first one first."""
    first = first_day_for_transfers(shop, now=now)
    return [bank_days.bank_days_after(first, step) for step in range(count)]


def batches_to_approve_count(shop_id: int) -> int:
    """How many batches wait for a second person, as of half a minute ago at the latest.

    Pages of those who may approve show it, so it is kept: a query every 30 seconds a process, and after each step.
    """
    return int(cache.get_or_set(batches_key(shop_id), lambda: _drafts(shop_id), _KEPT_SECONDS) or 0)


def batches_key(shop_id: int) -> str:
    """Under which the count is kept; whoever makes, approves or dissolves a batch forgets it."""
    return f"commerce.batches.{shop_id}"


def outcome_of_batch(batch: TransferBatch) -> dict[str, tuple[int, int]]:
    """How many lines, and how many yen, by LineState: one query."""
    sums = batch.lines.order_by().values_list("state").annotate(count=Count("id"), yen=Sum("amount_yen"))
    return {state: (count, yen) for state, count, yen in sums}


def replies_of_batch(batch: TransferBatch) -> QuerySet[TransferReply]:
    """What the bank answered, newest first, without the files themselves: one query."""
    found = TransferReply.objects.select_related("taken_by__person", "applied_by__person").defer("content_sealed")
    return found.filter(shop_id=batch.shop_id, batch=batch).order_by("-id")


def bank_reply(shop: Shop, number: int, reply_id: int) -> TransferReply | None:
    """One answer to batch `number` of this shop."""
    found = TransferReply.objects.select_related("batch", "taken_by__person", "applied_by__person")
    return found.defer("content_sealed").filter(shop=shop, batch__number=number, pk=reply_id).first()


def _drafts(shop_id: int) -> int:
    return TransferBatch.objects.filter(shop_id=shop_id, state=BatchState.DRAFT).count()


def _waiting(shop: Shop) -> QuerySet[Refund]:
    found = Refund.objects.select_related("order", "customer", "account")
    return found.filter(shop=shop, way=RefundWay.BANK, state=RefundState.READY).order_by("id")
