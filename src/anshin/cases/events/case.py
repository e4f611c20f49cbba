"""Facts of cases and their messages for the journal and the timeline."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    name: ClassVar[str] = "case.opened"
    number: int
    channel: str
    related_case_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    name: ClassVar[str] = "case.message_received"
    message_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class NumbersFound(Event):
    """A message came with numbers that should not be kept; `kinds` are those of language.sensitive_numbers."""

    name: ClassVar[str] = "case.numbers_found"
    message_id: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumbersShown(Event):
    """Somebody looked at the numbers of a message in full."""

    name: ClassVar[str] = "case.numbers_shown"
    message_id: int


@dataclass(frozen=True, slots=True)
class PersonalShown(Event):
    """Somebody who may not know customers is shown the one of this case until a moment, and said why."""

    name: ClassVar[str] = "case.personal_shown"
    reason: str
    until: str  # ISO 8601


@dataclass(frozen=True, slots=True)
class MessageReread(Event):
    """A person had the original read as another character code ("" for as it seems best); text and names may differ
    now: whoever keeps an index of them reads the message anew."""

    name: ClassVar[str] = "case.message_reread"
    message_id: int
    former: str
    charset: str


@dataclass(frozen=True, slots=True)
class MessageGaveWay(Event):
    """A message that could not be read has been read after all and is another message now, in case `other_number`;
    0 for the same case."""

    name: ClassVar[str] = "case.message_gave_way"
    message_id: int
    other_message_id: int
    other_number: int


@dataclass(frozen=True, slots=True)
class SenderDoubted(Event):
    """A message warns of its sender; `signs` are codes of SenderSign."""

    name: ClassVar[str] = "case.sender_doubted"
    message_id: int
    signs: str


@dataclass(frozen=True, slots=True)
class Struck(Event):
    """Something was struck out of a case for ever. Never says what it was; a search index follows `message_ids`."""

    name: ClassVar[str] = "case.struck"
    message_ids: tuple[int, ...]
    place_count: int
    what: str  # "passage" or "file"
    reason: str


@dataclass(frozen=True, slots=True)
class SenderBelieved(Event):
    """Somebody took the warnings of a fraud off a message, or put them back (`is_believed` False)."""

    name: ClassVar[str] = "case.sender_believed"
    message_id: int
    is_believed: bool


@dataclass(frozen=True, slots=True)
class SpamMarked(Event):
    """The case went into the spam folder; `reason` is by_hand or the filter that judged its first message."""

    name: ClassVar[str] = "case.spam_marked"
    reason: str


@dataclass(frozen=True, slots=True)
class SpamCleared(Event):
    """The case left the spam folder: by_hand, undone, by a later message, or merged with one that was none."""

    name: ClassVar[str] = "case.spam_cleared"
    why: str


@dataclass(frozen=True, slots=True)
class CustomerErased(Event):
    """A person was erased on request: the request's log. `requested_on` is the day on which it was asked for."""

    name: ClassVar[str] = "case.customer_erased"
    customer_id: int
    ground: str
    requested_on: str
    case_count: int
    message_count: int
    order_count: int


@dataclass(frozen=True, slots=True)
class CaseEmptied(Event):
    """The messages of a case lost their texts and files; a search index forgets them."""

    name: ClassVar[str] = "case.emptied"
    message_ids: tuple[int, ...]
    why: str  # "erased", "retention", or "originals": raw mails and files only


@dataclass(frozen=True, slots=True)
class RetentionSet(Event):
    """For how many days something is kept; 0 for ever."""

    name: ClassVar[str] = "case.retention_set"
    purpose: str
    days: int


@dataclass(frozen=True, slots=True)
class RetentionApplied(Event):
    """What the nightly work took away for one purpose: the summary."""

    name: ClassVar[str] = "case.retention_applied"
    purpose: str
    case_count: int


@dataclass(frozen=True, slots=True)
class ReplyWritten(Event):
    name: ClassVar[str] = "case.reply_written"
    message_id: int


@dataclass(frozen=True, slots=True)
class AnsweredAutomatically(Event):
    """A mail that no person wrote was put into the outbox."""

    name: ClassVar[str] = "case.answered_automatically"
    message_id: int


@dataclass(frozen=True, slots=True)
class ReplySentDespite(Event):
    """A reply leaves although the check objected (`codes`, with commas between them), for a reason."""

    name: ClassVar[str] = "case.reply_sent_despite"
    message_id: int
    codes: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReplyTakenBack(Event):
    name: ClassVar[str] = "case.reply_taken_back"
    message_id: int


@dataclass(frozen=True, slots=True)
class ReplyScheduled(Event):
    """A reply leaves at a chosen time, or at another one than before."""

    name: ClassVar[str] = "case.reply_scheduled"
    message_id: int
    leaves_at: str


@dataclass(frozen=True, slots=True)
class ReplyApproved(Event):
    """Somebody experienced let a reply of new staff leave."""

    name: ClassVar[str] = "case.reply_approved"
    message_id: int
    was_edited: bool


@dataclass(frozen=True, slots=True)
class ReplySentBack(Event):
    """A reply that waited for approval went back to its writer, with a note why."""

    name: ClassVar[str] = "case.reply_sent_back"
    message_id: int


@dataclass(frozen=True, slots=True)
class DeliveryChanged(Event):
    name: ClassVar[str] = "case.delivery_changed"
    message_id: int
    former: str
    delivery: str
    words: str


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    name: ClassVar[str] = "case.note_added"
    note_id: int


@dataclass(frozen=True, slots=True)
class CaseAssigned(Event):
    name: ClassVar[str] = "case.assigned"
    former_owner_id: int | None
    owner_id: int | None
    owner_name: str


@dataclass(frozen=True, slots=True)
class CaseTagged(Event):
    name: ClassVar[str] = "case.tagged"
    added: str
    removed: str


@dataclass(frozen=True, slots=True)
class CaseSnoozed(Event):
    name: ClassVar[str] = "case.snoozed"
    until: str


@dataclass(frozen=True, slots=True)
class CaseWoken(Event):
    name: ClassVar[str] = "case.woken"
    why: str


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    name: ClassVar[str] = "case.closed"
    resolution: str


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    name: ClassVar[str] = "case.reopened"
    why: str


@dataclass(frozen=True, slots=True)
class StatusSet(Event):
    name: ClassVar[str] = "case.status_set"
    former: str
    status: str


@dataclass(frozen=True, slots=True)
class OrderLinked(Event):
    name: ClassVar[str] = "case.order_linked"
    order_id: int
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderUnlinked(Event):
    name: ClassVar[str] = "case.order_unlinked"
    order_id: int
    number: str


@dataclass(frozen=True, slots=True)
class CasesMerged(Event):
    name: ClassVar[str] = "case.merged"
    other_case_id: int
    other_number: int
    role: str  # "kept" on the case that goes on, "ended" on the one that does not


@dataclass(frozen=True, slots=True)
class CaseSplit(Event):
    name: ClassVar[str] = "case.split"
    other_case_id: int
    other_number: int
    message_count: int
    role: str  # "from" on the case that lost messages, "into" on the new one


@dataclass(frozen=True, slots=True)
class CasesImported(Event):
    name: ClassVar[str] = "case.imported"
    case_count: int
    source: str


@dataclass(frozen=True, slots=True)
class CaseTakenOver(Event):
    """A case came from another desk's file, where it was called `external_id`."""

    name: ClassVar[str] = "case.taken_over"
    number: int
    external_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Informed(Event):
    """A mail that no person wrote told the customer of something that was done, such as a step of a return."""

    name: ClassVar[str] = "case.informed"
    message_id: int


@dataclass(frozen=True, slots=True)
class WrittenAfterTheEnd(Event):
    """A mail that no person wrote went to the customer of a finished case."""

    name: ClassVar[str] = "case.written_after_the_end"
    message_id: int
