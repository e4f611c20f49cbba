"""Facts of the safety room.

While an advisory is sealed its facts are kept on the advisory alone (`SealedFact`), never in the journal, which others
read. `advisory.released` is the first that the journal learns. Texts stay out of both.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class AdvisoryDrafted(Event):
    """An advisory was begun; `origin` is a code of terms."""

    name: ClassVar[str] = "advisory.drafted"
    advisory_id: int
    origin: str


@dataclass(frozen=True, slots=True)
class AdvisoryFactsChanged(Event):
    """Facts were changed; `fields` names which, `version` is the version of the facts since then."""

    name: ClassVar[str] = "advisory.facts_changed"
    advisory_id: int
    fields: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class AdvisoryWorded(Event):
    """The words of one language were written for `version` of the facts."""

    name: ClassVar[str] = "advisory.worded"
    advisory_id: int
    language: str
    version: int


@dataclass(frozen=True, slots=True)
class AdvisoryNamed(Event):
    """A member of staff may see the sealed advisory from now on, or not any more."""

    name: ClassVar[str] = "advisory.named"
    advisory_id: int
    person_id: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class AdvisoryWideConfirmed(Event):
    """Somebody said a second time that so many products are meant: half of the catalogue or more."""

    name: ClassVar[str] = "advisory.wide_confirmed"
    advisory_id: int
    products: int


@dataclass(frozen=True, slots=True)
class AdvisoryMatched(Event):
    """A person said whether a product of the shop is meant; `state` is a code of terms."""

    name: ClassVar[str] = "advisory.matched"
    advisory_id: int
    product_id: int
    state: str


@dataclass(frozen=True, slots=True)
class AdvisoryApproved(Event):
    """A second person approved `version` of the facts for release."""

    name: ClassVar[str] = "advisory.approved"
    advisory_id: int
    version: int


@dataclass(frozen=True, slots=True)
class AdvisoryApprovalWithdrawn(Event):
    """The approval is void: facts or words changed, or somebody took it back; `reason` is a code."""

    name: ClassVar[str] = "advisory.approval_withdrawn"
    advisory_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class AdvisoryTimeMoved(Event):
    """The publisher moved the time of publication."""

    name: ClassVar[str] = "advisory.time_moved"
    advisory_id: int
    former: datetime
    publish_at: datetime


@dataclass(frozen=True, slots=True)
class AdvisoryReleased(Event):
    """The advisory is public; `late_seconds` after the time of publication."""

    name: ClassVar[str] = "advisory.released"
    advisory_id: int
    number: int
    late_seconds: int


@dataclass(frozen=True, slots=True)
class AdvisoryCorrected(Event):
    """Facts changed after the release; `version` is the version since then."""

    name: ClassVar[str] = "advisory.corrected"
    advisory_id: int
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class AdvisoryWithdrawn(Event):
    """The publisher withdrew the advisory; `was_public` says whether it had been released."""

    name: ClassVar[str] = "advisory.withdrawn"
    advisory_id: int
    was_public: bool


@dataclass(frozen=True, slots=True)
class AdvisoryClosed(Event):
    """Nobody is reminded any more."""

    name: ClassVar[str] = "advisory.closed"
    advisory_id: int
    number: int


@dataclass(frozen=True, slots=True)
class AdvisoryRehearsed(Event):
    """Somebody sent a mail of it to themselves; `recipient` and `round` are codes of terms."""

    name: ClassVar[str] = "advisory.rehearsed"
    advisory_id: int
    language: str
    recipient: str
    round: str


@dataclass(frozen=True, slots=True)
class AdvisoryReopened(Event):
    """A closed advisory goes on: accidents have not stopped."""

    name: ClassVar[str] = "advisory.reopened"
    advisory_id: int
    number: int


@dataclass(frozen=True, slots=True)
class AdvisoryRemindersSet(Event):
    """How often whoever has not answered is reminded: every `every_days`, at most `most` times; 0 days: never."""

    name: ClassVar[str] = "advisory.reminders_set"
    advisory_id: int
    every_days: int
    most: int


@dataclass(frozen=True, slots=True)
class AdvisoryReminded(Event):
    """Everybody who had not answered has a reminder: the `turn`-th, `mails` of them."""

    name: ClassVar[str] = "advisory.reminded"
    advisory_id: int
    number: int
    turn: int
    mails: int


@dataclass(frozen=True, slots=True)
class SafetyMailBounced(Event):
    """A mail that the server had taken came back; `kind` is a code of commerce.terms.BounceKind."""

    name: ClassVar[str] = "advisory.mail_bounced"
    advisory_id: int
    number: int
    mail_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class BuyerAnswered(Event):
    """A buyer said on the page of the notice how things stand; `answer` is a code of terms."""

    name: ClassVar[str] = "advisory.answered"
    advisory_id: int
    number: int
    notice_id: int
    answer: str


@dataclass(frozen=True, slots=True)
class PersonApproached(Event):
    """Somebody called or wrote to a buyer whom no mail reaches; `outcome` is a code of terms."""

    name: ClassVar[str] = "advisory.approached"
    advisory_id: int
    number: int
    person_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class LettersPrinted(Event):
    """Letters to buyers whom no mail reaches were printed together."""

    name: ClassVar[str] = "advisory.letters_printed"
    advisory_id: int
    number: int
    bundle: int
    letters: int


@dataclass(frozen=True, slots=True)
class LettersPosted(Event):
    """The letters of a bundle are with the post."""

    name: ClassVar[str] = "advisory.letters_posted"
    advisory_id: int
    number: int
    bundle: int
    letters: int


@dataclass(frozen=True, slots=True)
class TellListTaken(Event):
    """Somebody took a list of those to be told out of the program, as a file; `which` is the list's name."""

    name: ClassVar[str] = "advisory.tell_list_taken"
    advisory_id: int
    number: int
    which: str


@dataclass(frozen=True, slots=True)
class ScrapEstimated(Event):
    """Somebody estimated how many affected items are thrown away without a word."""

    name: ClassVar[str] = "advisory.scrap_estimated"
    advisory_id: int
    number: int
    items: int


@dataclass(frozen=True, slots=True)
class FeedAdded(Event):
    """A publisher's list is read from now on."""

    name: ClassVar[str] = "feed.added"
    feed_id: int
    feed: str


@dataclass(frozen=True, slots=True)
class FeedChanged(Event):
    """A publisher's list is read from elsewhere, or otherwise; `fields` names what differs."""

    name: ClassVar[str] = "feed.changed"
    feed_id: int
    feed: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedSwitched(Event):
    """A publisher's list is read, or not any more."""

    name: ClassVar[str] = "feed.switched"
    feed_id: int
    feed: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class FeedItemPutAside(Event):
    """An entry of a publisher's list does not concern the shop; `source` is the publisher's number of it."""

    name: ClassVar[str] = "feed.item_put_aside"
    item_id: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedItemTakenUp(Event):
    """An entry that was put aside is to be looked at again."""

    name: ClassVar[str] = "feed.item_taken_up"
    item_id: int
    source: str


@dataclass(frozen=True, slots=True)
class WarningSignSeen(Event):
    """Something in the shop's own work points to an accident; `kind` is a code of terms."""

    name: ClassVar[str] = "advisory.sign_seen"
    advisory_id: int
    warning_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class WarningDecided(Event):
    """A person judged an early warning; `state` is a code of terms."""

    name: ClassVar[str] = "advisory.warning_decided"
    advisory_id: int
    warning_id: int
    state: str
