"""The job that runs reactions: woken by `record`, it works off whatever the shop's journal holds."""

from datetime import datetime, timedelta

from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.journal import running

LATER = timedelta(milliseconds=300)
"""How long to wait when a transaction that is still running hides what may come before."""


@task(queue_name="reactions")
def react(shop_id: int, first_entry_id: int) -> None:
    """Run every reaction of one shop as far as it can go; ask to be called again for what is left."""
    now = clock.now()
    for rest in running.run_reactions(shop_id=shop_id, first_entry_id=first_entry_id, now=now):
        ask_for_reactions(
            shop_id=shop_id,
            first_entry_id=first_entry_id,
            key=f"{rest.reaction} after {rest.last_entry_id}, {rest.tries} failures",
            run_at=rest.next_try_at or now + LATER,
            now=now,
        )


def ask_for_reactions(*, shop_id: int, first_entry_id: int, key: str, run_at: datetime | None, now: datetime) -> None:
    """Enqueue `react` in the caller's transaction, once for each `key` as long as it waits."""
    enqueue(
        react,
        first_entry_id=first_entry_id,
        unique_key=f"journal.react {shop_id} {key}"[:200],
        run_at=run_at,
        shop_id=shop_id,
        now=now,
    )
