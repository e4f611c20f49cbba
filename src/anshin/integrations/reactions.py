"""What happens in the rooms below and beside is told to the addresses that want it."""

from anshin.integrations import queries, rules
from anshin.integrations.actions import tell
from anshin.integrations.actions.webhooks import REACTION
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to


@reacts_to(*sorted(rules.TYPES), name=REACTION, wanted_in=queries.listens)
def tell_programs(entry: JournalEntry, _event: Event) -> bool:
    """Make the telling and its deliveries, if anybody wants it; whether somebody does."""
    return tell(entry, now=clock.now()) is not None
