"""The verbs of the slips room: contracts, addresses, files, numbers. Each is one transaction."""

from anshin.slips.actions.accounts import retire_account, save_account
from anshin.slips.actions.keeping import SlipKeeper, remove_old_files
from anshin.slips.actions.mending import mend_address
from anshin.slips.actions.reading import read_numbers
from anshin.slips.actions.refusals import (
    AccountRefused,
    FileGone,
    NothingChosen,
    ParcelGone,
    RowsBlocked,
    TooManyParcels,
    WrongDay,
)
from anshin.slips.actions.writing import take_file, write_file

__all__ = [
    "AccountRefused",
    "FileGone",
    "NothingChosen",
    "ParcelGone",
    "RowsBlocked",
    "SlipKeeper",
    "TooManyParcels",
    "WrongDay",
    "mend_address",
    "read_numbers",
    "remove_old_files",
    "retire_account",
    "save_account",
    "take_file",
    "write_file",
]
