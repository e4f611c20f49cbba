"""Facts of the slips room for the journal. Numbers and counts only: names and addresses stay in the files."""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class AccountSaved(Event):
    """A carrier's contract was written down or changed; `fields` names what differs, never the values."""

    name: ClassVar[str] = "slips.account_saved"
    account_id: int
    format: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountRetired(Event):
    """A carrier's contract is not offered any more."""

    name: ClassVar[str] = "slips.account_retired"
    account_id: int
    format: str


@dataclass(frozen=True, slots=True)
class AddressMended(Event):
    """What stands on a parcel's slip was mended; `fields` names what differs from the order."""

    name: ClassVar[str] = "slips.address_mended"
    parcel: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileWritten(Event):
    """A file for a carrier's program was written."""

    name: ClassVar[str] = "slips.file_written"
    file_id: int
    format: str
    parcels: int


@dataclass(frozen=True, slots=True)
class FileDownloaded(Event):
    """Somebody took the file: names and addresses left the desk with it."""

    name: ClassVar[str] = "slips.file_downloaded"
    file_id: int
    parcels: int


@dataclass(frozen=True, slots=True)
class NumbersRead(Event):
    """A file with tracking numbers was read; how many rows had which end."""

    name: ClassVar[str] = "slips.numbers_read"
    file_id: int
    rows: int
    landed: int
    to_look_at: int
