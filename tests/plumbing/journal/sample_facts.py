"""Events for the tests of the journal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True)
class LampLit(Event):
    name: ClassVar[str] = "sample.lamp_lit"
    lamp_id: int
    colour: str = "white"


@dataclass(frozen=True)
class DoorOpened(Event):
    name: ClassVar[str] = "sample.door_opened"
    door_id: int
    opened_at: datetime | None = None
    due_on: date | None = None
    key_ids: tuple[int, ...] = ()
    is_locked: bool = False
