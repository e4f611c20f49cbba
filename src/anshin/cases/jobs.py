"""Background work of the cases room: ids in, one action out."""

from datetime import datetime

from anshin.cases.actions import (
    bouncing,
    deadlines,
    delivering,
    following_up,
    hidden_numbers,
    indexing,
    learning,
    retaining,
    topics,
    triage,
)
from anshin.cases.models import Case, TopicCorrection
from anshin.cases.rules import MOST_DELIVERY_ATTEMPTS
from anshin.cases.terms import Status
from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import task
from anshin.shops.queries import all_shops

_MOST_AT_ONCE = 200


@task(queue_name="mail_out", max_attempts=MOST_DELIVERY_ATTEMPTS)
def deliver(message_id: int, planned: str = "") -> None:
    """Hand one reply to the outbox; `planned` is the moment for which this was put down."""
    planned_at = datetime.fromisoformat(planned) if planned else None
    delivering.deliver_message(message_id=message_id, planned_at=planned_at, now=clock.now())


@task(queue_name="search")
def index(case_ids: list[int], shop_id: int) -> None:
    """Let the search index say what these cases say now."""
    indexing.index_cases(case_ids, shop_id=shop_id)


@task()
def propose_topics(message_ids: list[int]) -> None:
    """Read messages that came in: topics, urgency, language."""
    for message_id in message_ids:
        topics.propose_topics(message_id=message_id, now=clock.now())


@task()
def look_for_numbers(message_ids: list[int]) -> None:
    """Look through files and HTML of messages for numbers that should not be kept."""
    for message_id in message_ids:
        hidden_numbers.look_for_numbers(message_id=message_id, now=clock.now())


@task(queue_name="upkeep")
def wake_snoozed() -> None:
    """Bring back every case whose snooze is over."""
    now = clock.now()
    due = Case.objects.filter(status=Status.SNOOZED, snoozed_until_at__lte=now).order_by("snoozed_until_at")
    for shop_id, case_id in due.values_list("shop_id", "pk")[:_MOST_AT_ONCE]:
        triage.wake_due(shop_id=shop_id, case_id=case_id, now=now)


@task(queue_name="upkeep")
def trust_silent_addresses() -> None:
    """Take marks off addresses to which mail has gone for days without coming back."""
    bouncing.trust_silent_addresses(now=clock.now())


@task(queue_name="upkeep")
def apply_retention() -> None:
    """Take away what the shops wanted kept for a period only; safe to run at any time."""
    retaining.apply_retention(now=clock.now())


@task(queue_name="upkeep")
def learn_from_corrections() -> None:
    """Have every shop whose people corrected topics learn from it, one job each."""
    now = clock.now()
    for shop_id in TopicCorrection.objects.order_by("shop_id").values_list("shop_id", flat=True).distinct():
        enqueue(learn_topics, unique_key=f"learn:{shop_id}", shop_id=shop_id, now=now)


@task(queue_name="upkeep", max_attempts=2)
def learn_topics(shop_id: int) -> None:
    """One shop's learning, in a process of its own."""
    learning.learn_topics(shop=all_shops().get(pk=shop_id), now=clock.now())


@task(queue_name="upkeep")
def watch_clocks() -> None:
    """Tell of deadlines that are near or past, and count what the clocks ran that have stopped."""
    now = clock.now()
    deadlines.tell_deadlines(now=now)
    deadlines.count_stopped_clocks(now=now)


@task(queue_name="upkeep")
def surface_follow_ups() -> None:
    """Bring back closed cases whose day has come."""
    following_up.surface_follow_ups(now=clock.now())


@task(queue_name="upkeep")
def count_anew(shop_id: int) -> None:
    """New deadlines for one shop's open cases."""
    deadlines.count_anew(shop=all_shops().get(pk=shop_id))
