"""When a case is finished, its customer is asked later."""

from anshin.cases.events import CaseClosed
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.satisfaction.actions import ask_later


@reacts_to(CaseClosed, name="satisfaction.ask_later")
def ask_after_the_end(entry: JournalEntry, _event: CaseClosed) -> None:
    """A job some hours later looks whether the case still is finished; a second run asks for the same job."""
    if entry.case_id is not None:
        ask_later(shop_id=entry.shop_id, case_id=entry.case_id, now=entry.at)
