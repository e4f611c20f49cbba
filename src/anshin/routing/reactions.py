"""What happens in cases below makes the rules look at them, and calls those who are to know."""

from anshin.cases.events import (
    CaseClosed,
    CaseDueSoon,
    CaseOpened,
    CaseOverdue,
    MessageReceived,
    TopicsProposed,
    TopicsSet,
    UrgencySeen,
)
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.routing import actions, queries
from anshin.routing.queries.lists import LiveRule
from anshin.routing.terms import REACTION, Trigger

_TRIGGERS = {
    CaseOpened.name: Trigger.OPENED,
    MessageReceived.name: Trigger.MESSAGE,
    TopicsProposed.name: Trigger.TOPIC,
    TopicsSet.name: Trigger.TOPIC,
    CaseDueSoon.name: Trigger.DUE_SOON,
    CaseOverdue.name: Trigger.OVERDUE,
    CaseClosed.name: Trigger.CLOSED,
}


@reacts_to(
    CaseOpened,
    MessageReceived,
    TopicsProposed,
    TopicsSet,
    CaseClosed,
    CaseDueSoon,
    CaseOverdue,
    name=REACTION,
    wanted_in=queries.has_live_rules,
    prepare=queries.live_rules,
)
def ask_rules(entry: JournalEntry, event: Event, *, prepared: tuple[LiveRule, ...]) -> bool:
    """Ask the rules about the case; whether any fits."""
    if entry.case_id is None:
        return False
    runs = actions.run_rules(
        shop_id=entry.shop_id,
        case_id=entry.case_id,
        trigger=_TRIGGERS[entry.event],
        message_id=getattr(event, "message_id", 0),
        entry_id=entry.pk,
        at=entry.at,
        now=clock.now(),
        live=prepared,
    )
    return runs is not None


@reacts_to(CaseDueSoon, CaseOverdue, name="routing.follow_path")
def follow_path(entry: JournalEntry, event: CaseDueSoon | CaseOverdue) -> bool:
    """Tell whoever the channel's escalation path names, or put the case before them; whether there was anything."""
    if entry.case_id is None:
        return False
    run = actions.follow_path(
        shop_id=entry.shop_id,
        case_id=entry.case_id,
        moment=_TRIGGERS[entry.event],
        due_at=event.due_at,
        entry_id=entry.pk,
        now=clock.now(),
    )
    return run is not None


@reacts_to(UrgencySeen, name="routing.call_at_night", wanted_in=queries.has_on_call)
def call_at_night(entry: JournalEntry, event: UrgencySeen) -> None:
    """Tell those on call of what cannot wait for the opening."""
    if entry.case_id is None:
        return
    actions.call_at_night(
        shop_id=entry.shop_id, case_id=entry.case_id, kind=event.kind, message_id=event.message_id, now=clock.now()
    )
