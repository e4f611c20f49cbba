"""Facts of the commerce room for the journal."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class OrderTakenIn(Event):
    name: ClassVar[str] = "order.taken_in"
    number: str
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    name: ClassVar[str] = "order.changed"
    number: str
    order_id: int
    what: str  # names of the columns and parts that changed, comma between


@dataclass(frozen=True, slots=True)
class OrdersImported(Event):
    name: ClassVar[str] = "order.file_imported"
    import_id: int
    orders_new: int
    orders_changed: int
    rows_refused: int
