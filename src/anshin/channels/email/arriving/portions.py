"""Takes in many mails from files: stores a portion in one commit, then takes the portion in, in another.

What a commit costs is shared by a hundred mails. Still every mail is on disk and in the ledger before anybody reads it,
and an import that is broken off at any moment goes on without loss or double when it is started again; if nobody
starts it, a job takes in what was stored.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from anshin.channels.email.arriving.storing import store_many
from anshin.channels.email.reading.taking_in import take_in_together
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing import clock
from anshin.plumbing.bulk import refresh_statistics

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox

MOST_MAILS = 100
MOST_BYTES = 20_000_000
"""A portion ends with the mail that reaches this; memory does not grow with the number of mails."""


class Portions:
    """An import into one mailbox. `fates` counts what became of new mails, `known_count` those known from before."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.fates: Counter[str] = Counter()
        self.count = self.known_count = self._portion_count = 0
        self._raws: list[bytes] = []
        self._bytes = 0

    def add(self, raw: bytes) -> bool:
        """Add the next mail; whether a portion was taken in now. Raises StorageTrouble, OSError."""
        self._raws.append(raw)
        self._bytes += len(raw)
        if len(self._raws) < MOST_MAILS and self._bytes < MOST_BYTES:
            return False
        self.finish()
        return True

    def finish(self) -> None:
        """Take in what is left. Raises StorageTrouble, OSError."""
        raws, self._raws, self._bytes = self._raws, [], 0
        if not raws:
            return
        portion = store_many(mailbox=self.mailbox, raws=raws, source=Source.IMPORT, now=clock.now())
        self.count += len(raws)
        self.known_count += sum(not stored.is_new for stored in portion.stored)
        waiting = {stored.arrival.pk: stored.arrival for stored in portion.stored if stored.arrival.fate == Fate.STORED}
        for arrival in waiting.values():
            arrival.mailbox = self.mailbox
        taken = take_in_together(list(waiting.values()), job=portion.job, now=clock.now())
        fates = dict(zip(waiting, taken, strict=True))
        for stored in portion.stored:
            if stored.is_new:
                fate = fates.get(stored.arrival.pk)
                self.fates[(fate or Fate(stored.arrival.fate)).value] += 1
        self._portion_count += 1
        if self._portion_count & (self._portion_count - 1) == 0:  # each time it has doubled
            refresh_statistics()
