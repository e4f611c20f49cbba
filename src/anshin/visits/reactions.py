"""When a customer is erased, what they had begun to ask for goes, too."""

from anshin.cases.events import CustomerErased
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.visits.actions import forget_drafts_of


@reacts_to(CustomerErased, name="visits.forget_erased")
def forget_erased(entry: JournalEntry, event: CustomerErased) -> None:
    """A second run finds nothing left."""
    forget_drafts_of(shop_id=entry.shop_id, customer_id=event.customer_id, now=entry.at)
