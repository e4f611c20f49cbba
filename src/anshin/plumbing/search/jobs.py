"""The upkeep of the search index."""

from anshin.plumbing.jobs.registry import task
from anshin.plumbing.search import purging


@task(queue_name="search", priority=-10)
def purge() -> None:
    """Leave nothing of what was erased in the index's own pages."""
    purging.purge()
