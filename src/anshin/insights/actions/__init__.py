"""The verbs of the insights room: ledgers read, occasions noted and removed. Each is one transaction."""

from anshin.insights.actions.noting import OccasionRefused, note_occasion, remove_occasion
from anshin.insights.actions.reading import read_ledger

__all__ = ["OccasionRefused", "note_occasion", "read_ledger", "remove_occasion"]
