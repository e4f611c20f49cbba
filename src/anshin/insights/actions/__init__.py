"""The verbs of the insights room: ledgers read, occasions noted and removed. Each is one transaction."""

from anshin.insights.actions.noting import OccasionRefused, note_occasion, remove_occasion
from anshin.insights.actions.reading import read_ledger
from anshin.insights.actions.taking_back import LedgerRefused, read_ledger_again, take_back_ledger

__all__ = [
    "LedgerRefused",
    "OccasionRefused",
    "note_occasion",
    "read_ledger",
    "read_ledger_again",
    "remove_occasion",
    "take_back_ledger",
]
