"""Jobs of the mail channel: id in, one thing done. The timetable runs `check_mailboxes` each minute."""

from datetime import timedelta

from anshin.channels.email import queries
from anshin.channels.email.alerts import looking
from anshin.channels.email.fetching import inboxes, tidying
from anshin.channels.email.models import Mailbox
from anshin.channels.email.posts import doors
from anshin.channels.email.reading import taking_in
from anshin.channels.email.sending import lanes
from anshin.channels.email.sheets import comparisons
from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import task

POLL_WHILE_WATCHED = timedelta(minutes=5)
"""A mailbox that somebody listens to is still looked into now and then: IDLE connections die silently."""


@task(queue_name="mail_in", max_attempts=1)
def check_mailboxes() -> None:
    """Have every active mailbox fetched that is due."""
    now = clock.now()
    for mailbox in queries.mailboxes_to_fetch():
        is_watched = mailbox.watched_until_at is not None and mailbox.watched_until_at > now
        is_fresh = mailbox.last_checked_at is not None and now - mailbox.last_checked_at < POLL_WHILE_WATCHED
        if inboxes.is_due(mailbox, now=now) and not (is_watched and is_fresh and not mailbox.last_error_code):
            enqueue(fetch_mailbox, mailbox.pk, now=now, unique_key=f"fetch:{mailbox.pk}", shop_id=mailbox.shop_id)


@task(queue_name="mail_in", max_attempts=3)
def fetch_mailbox(mailbox_id: int) -> None:
    """Store what is new in a mailbox; a long queue goes on in the next job."""
    now = clock.now()
    mailbox = Mailbox.objects.filter(pk=mailbox_id, is_active=True).exclude(imap_host="").first()
    if mailbox is None:
        return
    fetched = inboxes.fetch(mailbox, now=now)
    if fetched.has_more and fetched.trouble is None:
        enqueue(fetch_mailbox, mailbox_id, now=now, unique_key=f"fetch:{mailbox_id}", shop_id=mailbox.shop_id)


@task(queue_name="mail_in")
def read_post(post_id: int) -> None:
    """Put the mail that a provider posted into the ledger. Run twice, it is there once."""
    doors.read_post(post_id, now=clock.now())


@task(queue_name="upkeep")
def forget_posts() -> None:
    """Throw posts away whose mail has been kept for weeks."""
    doors.forget_posts(now=clock.now())


@task(queue_name="mail_in", max_attempts=1)
def tidy_mailboxes() -> None:
    """Have every mailbox tidied whose owner asked for it and where something is to be done."""
    now = clock.now()
    for mailbox in tidying.due(now=now):
        enqueue(tidy_mailbox, mailbox.pk, now=now, unique_key=f"tidy:{mailbox.pk}", shop_id=mailbox.shop_id)


@task(queue_name="mail_in", max_attempts=3, priority=-10)
def tidy_mailbox(mailbox_id: int) -> None:
    """Do in a mailbox what its owner asked for. Run twice, it is done once."""
    tidying.tidy(mailbox_id, now=clock.now())


@task(queue_name="mail_in", priority=10)
def take_in(arrival_id: int) -> None:
    """Make a stored mail part of a case, or show it as one that nobody could read. Run twice, it is taken in once."""
    taking_in.take_in(arrival_id, now=clock.now())


@task(queue_name="upkeep", priority=-10)
def prune_lanes() -> None:
    """Forget receivers to whom nothing has been sent for long."""
    lanes.prune(now=clock.now())


@task(queue_name="upkeep", max_attempts=3)
def compare_mailbox(mailbox_id: int) -> None:
    """Compare a mailbox with its ledger, bring in what is missing, and write the sheet "received = shown"."""
    comparisons.run(mailbox_id, now=clock.now())


@task(queue_name="upkeep", max_attempts=3)
def compare_mailboxes() -> None:
    """Have every active mailbox of every shop compared; each in a job of its own."""
    now = clock.now()
    for mailbox in queries.active_mailboxes():
        comparisons.begin(mailbox, now=now)


@task(queue_name="upkeep", max_attempts=3)
def watch_over_mailboxes() -> None:
    """See whether owner and manager must be told something about a mailbox, or need to be told no longer."""
    now = clock.now()
    for mailbox in queries.mailboxes_with_shop():
        looking.look_at(mailbox, now=now)


@task(queue_name="mail_in", priority=10)
def take_in_many(arrival_ids: list[int]) -> None:
    """What an import that was broken off had stored and not taken in. Run twice, each is taken in once."""
    for arrival_id in arrival_ids:
        taking_in.take_in(arrival_id, now=clock.now())
