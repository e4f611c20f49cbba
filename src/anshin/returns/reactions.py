"""What becomes of a refund below, and whose doing it was, is followed here."""

from anshin.commerce.events import (
    BatchMade,
    PaymentDisputed,
    RefundApproved,
    RefundFailed,
    RefundRetried,
    RefundSettled,
    RefundWithdrawn,
)
from anshin.commerce.queries import refunds_of_batch
from anshin.commerce.terms import Fault
from anshin.delivery.events import FaultFound, ReshipmentMoved
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.returns import actions
from anshin.returns.events import ReturnRequested
from anshin.shops.queries import shop_by_id


@reacts_to(RefundApproved, RefundRetried, RefundSettled, RefundFailed, RefundWithdrawn, name="returns.follow_refund")
def follow_refund(entry: JournalEntry, event: Event) -> None:
    """Move the return's money axis."""
    actions.follow_refund(
        shop_id=entry.shop_id,
        refund_id=event.refund_id,  # type: ignore[attr-defined]
        now=clock.now(),
    )


@reacts_to(PaymentDisputed, name="returns.follow_dispute")
def follow_dispute(entry: JournalEntry, event: PaymentDisputed) -> None:
    """A disputed payment is on top of the inbox with the day of its evidence, and nobody pays twice."""
    actions.follow_dispute(shop_id=entry.shop_id, dispute_id=event.dispute_id, now=clock.now())


@reacts_to(ReturnRequested, name="returns.watch_products")
def watch_products(entry: JournalEntry, event: ReturnRequested) -> None:
    """Open the task of a product's page once it comes back too often for one reason."""
    actions.watch_products(shop_id=entry.shop_id, return_id=event.return_id, now=clock.now())


@reacts_to(RefundSettled, name="returns.issue_invoice")
def issue_invoice(entry: JournalEntry, event: RefundSettled) -> None:
    """Give the return invoice, where one is due."""
    actions.issue_return_invoice(shop_id=entry.shop_id, refund_id=event.refund_id, now=clock.now())


@reacts_to(RefundFailed, name="returns.void_invoice")
def void_invoice(entry: JournalEntry, event: RefundFailed) -> None:
    """Let the return invoice not count any more, when the money came back."""
    actions.void_return_invoice(shop_id=entry.shop_id, refund_id=event.refund_id, now=clock.now())


@reacts_to(BatchMade, name="returns.follow_batch")
def follow_batch(entry: JournalEntry, event: BatchMade) -> None:
    """Let the day by which the money should be there follow from the transfer's."""
    refund_ids = refunds_of_batch(entry.shop_id, event.batch_id)
    actions.follow_batch(shop_id=entry.shop_id, refund_ids=refund_ids, now=clock.now())


@reacts_to(ReshipmentMoved, name="returns.follow_exchange")
def follow_exchange(entry: JournalEntry, event: ReshipmentMoved) -> None:
    """Tell the customer that their exchange has left."""
    actions.follow_exchange(shop=shop_by_id(entry.shop_id), trouble_id=event.trouble_id, now=clock.now())


@reacts_to(FaultFound, name="returns.follow_fault")
def follow_fault(entry: JournalEntry, event: FaultFound) -> None:
    """Let the postage and the refund of the case's returns follow from the fault."""
    if entry.case_id is not None:
        actions.follow_fault(shop_id=entry.shop_id, case_id=entry.case_id, fault=Fault(event.fault), now=clock.now())
