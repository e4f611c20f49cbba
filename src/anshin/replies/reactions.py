"""What becomes of a reply is followed by what it promised."""

from anshin.cases.events import ReplyApproved, ReplySentBack, ReplyTakenBack
from anshin.plumbing import clock
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.journal.reactions import reacts_to
from anshin.replies import actions
from anshin.shops.queries import shop_by_id


@reacts_to(ReplyTakenBack, ReplySentBack, name="replies.follow_taken_back")
def follow_taken_back(entry: JournalEntry, event: Event) -> None:
    """What was promised in it was not said, and it kept nothing."""
    actions.follow_taken_back(
        shop_id=entry.shop_id,
        message_id=event.message_id,  # type: ignore[attr-defined]
        now=clock.now(),
    )


@reacts_to(ReplyApproved, name="replies.follow_approved")
def follow_approved(entry: JournalEntry, event: ReplyApproved) -> None:
    """What somebody mended is what was promised."""
    if event.was_edited:
        actions.follow_approved(shop=shop_by_id(entry.shop_id), message_id=event.message_id, now=clock.now())
