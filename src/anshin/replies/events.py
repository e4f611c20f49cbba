"""Facts of the replies room for the journal. They name macros and hold no texts."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class MacroSaved(Event):
    """A macro was written or changed; `version` 1 is a new one."""

    name: ClassVar[str] = "reply.macro_saved"
    macro_id: int
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class MacroArchived(Event):
    name: ClassVar[str] = "reply.macro_archived"
    macro_id: int
    title: str


@dataclass(frozen=True, slots=True)
class MacroBroughtBack(Event):
    name: ClassVar[str] = "reply.macro_brought_back"
    macro_id: int
    title: str


@dataclass(frozen=True, slots=True)
class StartingSetAdded(Event):
    """The macros that come with the program were put into the shop, as far as it had not had them."""

    name: ClassVar[str] = "reply.starting_set_added"
    macro_count: int


@dataclass(frozen=True, slots=True)
class PromiseMade(Event):
    """A reply promised something until `due_at`."""

    name: ClassVar[str] = "reply.promise_made"
    promise_id: int
    message_id: int
    due_at: str


@dataclass(frozen=True, slots=True)
class PromiseMoved(Event):
    """Another moment was agreed on."""

    name: ClassVar[str] = "reply.promise_moved"
    promise_id: int
    due_at: str


@dataclass(frozen=True, slots=True)
class PromiseSettled(Event):
    """A promise was kept (`state` kept or late), dropped, or is open again."""

    name: ClassVar[str] = "reply.promise_settled"
    promise_id: int
    state: str


@dataclass(frozen=True, slots=True)
class PromiseDue(Event):
    """A promise is to be kept today: its owner was reminded."""

    name: ClassVar[str] = "reply.promise_due"
    promise_id: int


@dataclass(frozen=True, slots=True)
class PromiseLate(Event):
    """A promise was not kept in time: the case is on top of the inbox."""

    name: ClassVar[str] = "reply.promise_late"
    promise_id: int


@dataclass(frozen=True, slots=True)
class WordSaved(Event):
    """A word of the trade has another plain word in this shop, or none."""

    name: ClassVar[str] = "reply.word_saved"
    word: str
    plain: str


@dataclass(frozen=True, slots=True)
class WordRemoved(Event):
    name: ClassVar[str] = "reply.word_removed"
    word: str
