"""Background work of the safety room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.safety import actions


@task(priority=90)
def release_due() -> int:
    """Release what is due. Carries no id: a job row must not tell of a sealed advisory."""
    return actions.release_due(now=clock.now(), ahead=clock.ahead_of_database())
