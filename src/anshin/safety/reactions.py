"""What cases and returns below say of accidents becomes an early warning.

What a warning does stays on its notice: neither this reaction's job nor the journal tells that there is one.
"""

from anshin.cases.events import TopicsProposed, TopicsSet, UrgencySeen
from anshin.language.topics.codes import INJURY
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.returns.events import ReturnRequested
from anshin.safety import actions
from anshin.safety.terms import SignKind


def tells_of_danger(event: Event) -> bool:
    """A case is about an injury, or a message tells of fire or gas. Most messages do not, and wake nobody."""
    return _kind(event) is not None


@reacts_to(TopicsProposed, TopicsSet, UrgencySeen, name="safety.watch_cases", concerns=tells_of_danger)
def watch_cases(entry: JournalEntry, event: Event) -> bool:
    """What tells of danger becomes an early warning; whether it does."""
    kind = _kind(event)
    if entry.case_id is None or kind is None:
        return False
    actions.warn_of_case(shop_id=entry.shop_id, case_id=entry.case_id, kind=kind, known_at=entry.at, now=clock.now())
    return True


@reacts_to(ReturnRequested, name="safety.watch_returns")
def watch_returns(entry: JournalEntry, event: ReturnRequested) -> None:
    """A return tells of an accident, or the same defect has come back too often."""
    actions.warn_of_return(shop_id=entry.shop_id, return_id=event.return_id, known_at=entry.at, now=clock.now())


def _kind(event: Event) -> SignKind | None:
    if isinstance(event, UrgencySeen):
        return actions.KINDS.get(event.kind)
    topics = {code.strip() for code in getattr(event, "topics", "").split(",")}
    return SignKind.INJURY if INJURY in topics else None
