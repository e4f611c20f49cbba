"""Tellings leave in jobs, so that a slow address holds up nobody."""

from anshin.integrations import actions
from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task


@task(queue_name="webhooks", max_attempts=5, leaves_house=True)
def deliver(delivery_id: int) -> None:
    """Bring one telling to its address."""
    actions.deliver(delivery_id=delivery_id, now=clock.now())


@task(queue_name="upkeep")
def forget() -> None:
    """Forget kept answers after a day, and what was told after a month."""
    now = clock.now()
    actions.forget_answers(now=now)
    actions.forget_tellings(now=now)
