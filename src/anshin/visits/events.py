"""What the visits room writes to the journal. Nothing that a customer typed stands here."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class VisitBegan(Event):
    """A customer came in: a code of terms.CameBy."""

    name: ClassVar[str] = "visits.began"
    visit_id: int
    came_by: str


@dataclass(frozen=True, slots=True)
class CodeLocked(Event):
    """A wrong code was entered so often that the right one is refused, too. Written once for a code request."""

    name: ClassVar[str] = "visits.code_locked"
    request_id: int
    tries: int


@dataclass(frozen=True, slots=True)
class TooManyRequests(Event):
    """Somebody asked for more codes than are given. Written once an hour: `limit` is the first that was reached."""

    name: ClassVar[str] = "visits.too_many_requests"
    limit: str


@dataclass(frozen=True, slots=True)
class HandOverRefused(Event):
    """What the shop's own site handed over was not believed: a code of terms.HandOverFault."""

    name: ClassVar[str] = "visits.hand_over_refused"
    why: str


@dataclass(frozen=True, slots=True)
class HandOverKeyMade(Event):
    """The shop has a new key for handing customers over; the former one is worth nothing from now on."""

    name: ClassVar[str] = "visits.key_made"


@dataclass(frozen=True, slots=True)
class HandOverKeyRemoved(Event):
    """The shop hands nobody over any more."""

    name: ClassVar[str] = "visits.key_removed"


@dataclass(frozen=True, slots=True)
class ReminderSet(Event):
    """Whether customers are reminded before their days for a return end, and how many days before."""

    name: ClassVar[str] = "visits.reminder_set"
    is_on: bool
    days: int


@dataclass(frozen=True, slots=True)
class ReminderWritten(Event):
    """A customer is told by mail until when an order can be sent back."""

    name: ClassVar[str] = "visits.reminder_written"
    reminder_id: int
