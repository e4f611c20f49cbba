"""Facts of the promoters room for the journal. Numbers and codes: names and addresses stay in their rows."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class PromoterAdded(Event):
    """A promoter was written into the register."""

    name: ClassVar[str] = "promoter.added"
    promoter_id: int


@dataclass(frozen=True, slots=True)
class PromoterChanged(Event):
    """Name, accounts or note of a promoter were changed."""

    name: ClassVar[str] = "promoter.changed"
    promoter_id: int


@dataclass(frozen=True, slots=True)
class PromoterRemoved(Event):
    """A promoter to whom nothing was sent was taken out of the register, with all checks."""

    name: ClassVar[str] = "promoter.removed"
    promoter_id: int


@dataclass(frozen=True, slots=True)
class PromoterChecked(Event):
    """Somebody looked at a promoter's followers; `reason` is "" when they were verified."""

    name: ClassVar[str] = "promoter.checked"
    promoter_id: int
    check_id: int
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class SampleSent(Event):
    """A sample was sent to a promoter, with the words that were agreed."""

    name: ClassVar[str] = "promoter.sample_sent"
    promoter_id: int
    sample_id: int
    disclosure: str


@dataclass(frozen=True, slots=True)
class PostNoted(Event):
    """What a promoter published of a sample was written down."""

    name: ClassVar[str] = "promoter.post_noted"
    promoter_id: int
    sample_id: int
    seen: str
