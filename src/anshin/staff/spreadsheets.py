"""What a CSV file needs so that a spreadsheet reads it rightly and runs nothing in it."""

from __future__ import annotations

from typing import Final

BOM: Final = "\ufeff"
"""Without it, spreadsheets read UTF-8 as cp932."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
