"""Which events are new to a hub that looks into the table."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from anshin.plumbing.live.models import LiveEvent
from anshin.plumbing.live.queries import LATE_COMMITS, events_after, newest_id

_AT_ONCE = 500
_LATE_NUMBERS = 200
"""So many numbers before the newest may still be committed when looking begins."""


class Recent:
    """Gives each event once. On PostgreSQL a lower number may be committed later: it is looked for as long as that."""

    def __init__(self, *, moment: Callable[[], float] = monotonic) -> None:
        """From now on: what is there already is not given."""
        self._moment = moment
        self._newest = newest_id()
        self._floor = max(0, self._newest - _LATE_NUMBERS)
        self._given = {event.pk for event in events_after(self._floor, _LATE_NUMBERS)}
        self._marks: deque[tuple[float, int]] = deque()

    def look(self) -> list[LiveEvent]:
        """What was committed since the last look, oldest first."""
        found: list[LiveEvent] = []
        after = self._floor
        while events := events_after(after, _AT_ONCE):
            found += [event for event in events if event.pk not in self._given]
            after = events[-1].pk
        self._given |= {event.pk for event in found}
        self._newest = max(self._newest, after)
        self._move_on()
        return found

    def _move_on(self) -> None:
        now = self._moment()
        self._marks.append((now, self._newest))
        while self._marks and self._marks[0][0] < now - LATE_COMMITS.total_seconds():
            self._floor = self._marks.popleft()[1]
        self._given = {number for number in self._given if number > self._floor}
