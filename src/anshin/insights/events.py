"""Facts of the insights room for the journal. Numbers only: what stood in a file stays there."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class LedgerRead(Event):
    """A ledger of consultations was read; how many rows had which end."""

    name: ClassVar[str] = "insights.ledger_read"
    file_id: int
    rows: int
    taken: int
    refused: int


@dataclass(frozen=True, slots=True)
class LedgerTakenBack(Event):
    """A ledger that was wrong was taken back: how many of its rows count no more."""

    name: ClassVar[str] = "insights.ledger_taken_back"
    file_id: int
    rows: int


@dataclass(frozen=True, slots=True)
class OccasionNoted(Event):
    """Something that happened was noted on the chart."""

    name: ClassVar[str] = "insights.occasion_noted"
    occasion_id: int
    kind: str
    happened_on: str


@dataclass(frozen=True, slots=True)
class OccasionRemoved(Event):
    """A note on the chart was taken away."""

    name: ClassVar[str] = "insights.occasion_removed"
    occasion_id: int
    kind: str
    happened_on: str
