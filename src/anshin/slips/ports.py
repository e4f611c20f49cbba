"""Sockets of the slips room: whoever reads what the carriers' programs give back plugs in here.

Files for the carriers' programs are written through `delivery.ports.slip_files`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from anshin.commerce.terms import Carrier
from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One printed slip. `row` as a spreadsheet shows it; `number` is ours (お客様管理番号), `tracking_number` theirs,
    both as they stand in the file, "" where the cell is empty."""

    row: int
    number: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class IssuedSlips:
    """What a carrier's program says of the slips that it printed."""

    format: str
    name: str
    carrier: Carrier
    rows: tuple[IssuedRow, ...]


class NotIssuedSlips(Exception):
    """The file is none of the carriers' programs; `str(error)` says why and what to do."""

    permanent = True


class IssuedFiles(Protocol):
    """Reads what the carriers' programs give out after printing. Pure: the same bytes, the same rows."""

    def read(self, content: bytes) -> IssuedSlips:
        """Every row that is not empty. Raises NotIssuedSlips."""
        ...


issued_files: Socket[IssuedFiles] = Socket("slips.issued_files")
