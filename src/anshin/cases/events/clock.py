"""Facts about deadlines, what shops want of them, and what comes after the end of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class CaseDueSoon(Event):
    """A deadline is near; `owed`: first_answer, answer or resolution. Written once for each deadline."""

    name: ClassVar[str] = "case.due_soon"
    due_at: datetime
    owed: str


@dataclass(frozen=True, slots=True)
class CaseOverdue(Event):
    """A deadline has passed; `owed` as in CaseDueSoon. Written once for each deadline."""

    name: ClassVar[str] = "case.overdue"
    due_at: datetime
    owed: str


@dataclass(frozen=True, slots=True)
class SecondContact(Event):
    """The customer wrote about the same matter again soon after its case had ended; `role`: second or first."""

    name: ClassVar[str] = "case.second_contact"
    other_case_id: int
    other_number: int
    role: str


@dataclass(frozen=True, slots=True)
class TargetSet(Event):
    """Within how much opening time cases of a kind want an answer and a resolution; 0 nothing said."""

    name: ClassVar[str] = "case.target_set"
    channel: str
    topic: str
    priority: str
    answer_minutes: int
    resolution_minutes: int


@dataclass(frozen=True, slots=True)
class TargetRemoved(Event):
    name: ClassVar[str] = "case.target_removed"
    channel: str
    topic: str
    priority: str


@dataclass(frozen=True, slots=True)
class AftercareSet(Event):
    name: ClassVar[str] = "case.aftercare_set"
    follow_up_days: int
    second_contact_days: int


@dataclass(frozen=True, slots=True)
class FollowUpPlanned(Event):
    """A closed case comes back on a day to be asked after; None: somebody waived it."""

    name: ClassVar[str] = "case.follow_up_planned"
    on: date | None
