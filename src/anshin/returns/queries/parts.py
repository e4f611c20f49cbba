"""What of a line was looked at, part by part, and what of it nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anshin.returns.terms import Disposition

if TYPE_CHECKING:
    from anshin.returns.models import Inspection, ReturnLine

_NOT_OURS = frozenset({Disposition.SEND_BACK, Disposition.MISSING})


@dataclass(frozen=True, slots=True)
class Parts:
    """The inspections of one line: finished ones, the one that is begun, and pieces that are here and unseen."""

    finished: tuple[Inspection, ...]
    begun: Inspection | None
    unseen: int

    @property
    def is_pending(self) -> bool:
        """Whether the warehouse has something to look at."""
        return self.begun is not None or self.unseen > 0

    @property
    def shown(self) -> Inspection | None:
        """The part that the table works on: the begun one, none where the rest waits, otherwise the newest."""
        if self.is_pending:
            return self.begun
        return self.finished[-1] if self.finished else None

    @property
    def kept(self) -> int:
        """Pieces that the shop keeps, and so pays for."""
        return sum(part.quantity for part in self.finished if part.disposition not in _NOT_OURS)

    @property
    def seen(self) -> int:
        """Pieces that were looked at."""
        return sum(part.quantity for part in self.finished)


def parts_of(line: ReturnLine) -> Parts:
    """The parts of a line; one query unless `inspections` were read with it."""
    rows = sorted(line.inspections.all(), key=lambda row: row.part)
    finished = tuple(row for row in rows if row.finished_at is not None)
    begun = next((row for row in rows if row.finished_at is None), None)
    seen = sum(row.quantity for row in finished)
    return Parts(finished, begun, max((line.quantity_here or 0) - seen, 0))
