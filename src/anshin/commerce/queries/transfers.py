"""Reading of transfers: what waits for a batch, the batches, one batch with its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from anshin.commerce.models import Refund, TransferBatch, TransferLine
from anshin.commerce.terms import RefundState, RefundWay
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop


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


def _waiting(shop: Shop) -> QuerySet[Refund]:
    found = Refund.objects.select_related("order", "customer", "account")
    return found.filter(shop=shop, way=RefundWay.BANK, state=RefundState.READY).order_by("id")
