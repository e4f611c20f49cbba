"""The socket of the insights room: what reads a ledger of consultations."""

from collections.abc import Iterator
from typing import Protocol

from anshin.insights.terms import Told, Untold
from anshin.plumbing.sockets import Socket


class NotALedger(ValueError):
    """The file is no ledger of consultations; the message says in the reader's language what to do."""


class LedgerFiles(Protocol):
    """Reads ledgers in the form in which they come."""

    def rows(self, content: bytes) -> Iterator[Told | Untold]:
        """Each row as it can be read, or why not, in the file's order. Raises NotALedger."""
        ...


ledger_files: Socket[LedgerFiles] = Socket("insights.ledger_files")
