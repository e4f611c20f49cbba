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
