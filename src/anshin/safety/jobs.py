"""Background work of the safety room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.safety import actions


@task(priority=90)
def release_due() -> int:
    """Release what is due. Carries no id: a job row must not tell of a sealed advisory."""
    return actions.release_due(now=clock.now(), ahead=clock.ahead_of_database())


@task(priority=90)
def announce(advisory_id: int) -> int:
    """Write who is to be told of a released advisory; begun again after a kill it goes on."""
    return actions.announce(advisory_id, now=clock.now())


@task(priority=40)
def remind_due() -> int:
    """Write again to whoever has not answered, where it is time."""
    return actions.remind_due(now=clock.now())


@task(queue_name="mail_out", priority=60)
def send_mails(advisory_id: int, lane: int) -> int:
    """Hand over what waits in this lane; asks for its next run by itself."""
    return actions.send_mails(advisory_id, lane, clock=clock.now)
