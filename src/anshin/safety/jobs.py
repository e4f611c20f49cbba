"""Background work of the safety room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.holding import decided
from anshin.plumbing.jobs.registry import task
from anshin.safety import actions
from anshin.shops.queries import all_shops


@task(priority=90)
def release_due() -> int:
    """Release what is due. Carries no id: a job row must not tell of a sealed advisory."""
    with decided():  # what may not be released again after a restore is not among what is due
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


@task(priority=20)
def call_due_feeds() -> int:
    """A job for each publisher's list whose time has come."""
    return actions.call_due_feeds(now=clock.now())


@task(queue_name="upkeep")
def fetch_feed(feed_id: int) -> None:
    """Ask a publisher for its list and read what came. The actions keep what came before they read it."""
    actions.fetch_feed(feed_id, clock=clock.now)


@task(queue_name="upkeep")
def match_feeds_again() -> None:
    """Compare entries that matched nothing with the products that each shop has by now."""
    for shop in all_shops():
        actions.match_again(shop=shop, now=clock.now())
