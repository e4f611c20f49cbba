"""Reading of the slips room: accounts, parcels that need a slip, files that were written or read."""

from anshin.slips.queries.accounts import account_by_id, accounts_of, formats
from anshin.slips.queries.files import (
    file_by_id,
    last_written,
    number_file_by_id,
    number_files,
    number_rows,
    slip_files_of,
)
from anshin.slips.queries.parcels import (
    SlipParcel,
    Waiting,
    mended_address,
    parcel_of,
    parcels_of,
    waiting,
    waiting_counts,
)
from anshin.slips.queries.trial import Checked, check

__all__ = [
    "Checked",
    "SlipParcel",
    "Waiting",
    "account_by_id",
    "accounts_of",
    "check",
    "file_by_id",
    "formats",
    "last_written",
    "mended_address",
    "number_file_by_id",
    "number_files",
    "number_rows",
    "parcel_of",
    "parcels_of",
    "slip_files_of",
    "waiting",
    "waiting_counts",
]
