"""What becomes of a refund below is followed here."""

from anshin.commerce.events import RefundApproved, RefundFailed, RefundRetried, RefundSettled, RefundWithdrawn
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.returns import actions


@reacts_to(RefundApproved, RefundRetried, RefundSettled, RefundFailed, RefundWithdrawn, name="returns.follow_refund")
def follow_refund(entry: JournalEntry, event: Event) -> None:
    """Move the return's money axis."""
    actions.follow_refund(
        shop_id=entry.shop_id,
        refund_id=event.refund_id,  # type: ignore[attr-defined]
        now=clock.now(),
    )
