"""Reads orders that other programs brought as JSON; every other order file is left to the reader of tables.

    {"channel": "own", "orders": [{"number": "KM-10001", "ordered_at": "2026-11-20T09:00:00+09:00", …}, …]}

Whatever does not fit is refused order by order with a sentence; the file itself stays as it came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce.ports import (
    ColumnPlan,
    FileRow,
    NotAnOrderFile,
    OpenedFile,
    OrderFiles,
    OrderInFile,
    RowsRefused,
)
from anshin.commerce.terms import SalesChannel
from anshin.connectors.json_orders.reading import Misfit, read_order

FORMAT = "json_orders"
_HEADINGS = ("number", "order")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OrderFilesAndJson:
    """Order files as JSON, and as whatever `tables` reads."""

    tables: OrderFiles

    def open(self, content: bytes, file_name: str) -> OpenedFile:
        """The file as a table with one row an order. Raises NotAnOrderFile."""
        if not is_json(content):
            return self.tables.open(content, file_name)
        told = _told(content)
        rows = told["orders"]
        if not rows:
            raise NotAnOrderFile(_("There are no orders in it."))
        return OpenedFile(
            content=content,
            format=FORMAT,
            format_name="JSON (API)",
            encoding="utf-8",
            delimiter="",
            headings=_HEADINGS,
            preview=tuple(_cells(row) for row in rows[:_SHOWN]),
            row_count=len(rows),
            header_key=hashlib.sha256(FORMAT.encode()).hexdigest(),
            plan=ColumnPlan(SalesChannel(told["channel"]), (None,) * len(_HEADINGS)),
        )

    def orders(
        self, opened: OpenedFile, plan: ColumnPlan | None, *, zone: ZoneInfo
    ) -> Iterator[OrderInFile | RowsRefused]:
        """Every order once, in its order. Raises NotAnOrderFile."""
        if opened.format != FORMAT:
            yield from self.tables.orders(opened, plan, zone=zone)
            return
        told = _told(opened.content)
        channel = SalesChannel(told["channel"])
        for number, row in enumerate(told["orders"], start=1):
            kept = (FileRow(number, _cells(row)),)
            try:
                yield OrderInFile(kept, read_order(row, channel=channel, zone=zone))
            except Misfit as misfit:
                yield RowsRefused(kept, str(misfit))

    def refused_file(self, opened: OpenedFile, refused: Iterable[tuple[FileRow, str]]) -> bytes:
        """The refused orders with their reasons, as JSON again."""
        if opened.format != FORMAT:
            return self.tables.refused_file(opened, refused)
        rows = [{"row": row.number, "reason": reason, "order": _again(row.cells)} for row, reason in refused]
        return json.dumps({"refused": rows}, ensure_ascii=False, indent=1).encode("utf-8")


def is_json(content: bytes) -> bool:
    """Whether it begins as JSON does; no table begins with a brace."""
    return content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _told(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise NotAnOrderFile(_("This is no whole JSON. Send it again.")) from error
    rows = told.get("orders") if isinstance(told, dict) else None
    if not isinstance(rows, list) or told.get("channel", "own") not in SalesChannel.values:
        raise NotAnOrderFile(_("The JSON holds no list “orders”, or a selling system that is not known."))
    return {"channel": told.get("channel", "own"), "orders": rows}


def _cells(row: Any) -> tuple[str, ...]:
    number = row.get("number", "") if isinstance(row, Mapping) else ""
    return str(number), json.dumps(row, ensure_ascii=False)


def _again(cells: tuple[str, ...]) -> Any:
    try:
        return json.loads(cells[-1])
    except ValueError:  # a number in it was masked
        return cells[-1]
