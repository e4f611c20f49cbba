"""Judged orders by the hundred thousand, read from the database once and kept small."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from anshin.plumbing.planning import room_to_sort

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.commerce.models import Order

_COLUMNS: Final = (
    *("pk", "customer_id", "rank", "quantity", "mail_id"),
    *("standing", "language", "is_gift", "is_lot_known"),
)
_AT_ONCE: Final = 5_000
_NO_MAIL: Final = 0


class Judged(NamedTuple):
    """One order with something affected in it, as `affected_orders` judges it. `mail_id`: the contact point to which
    mail arrives best, None without one; `rank`: seconds since 1970 of the purchase."""

    order_id: int
    customer_id: int
    rank: int
    quantity: int
    mail_id: int | None
    standing: str
    language: str
    is_gift: bool
    is_lot_known: bool


class Judgements:
    """Judged orders, the latest first: some 60 bytes for each."""

    def __init__(self) -> None:
        self._numbers = [array("q") for _each in range(5)]
        self._words: tuple[list[str], list[str]] = ([], [])
        self._marks = (bytearray(), bytearray())

    def __len__(self) -> int:
        return len(self._numbers[0])

    def add(self, row: Sequence[Any]) -> None:
        """A row of _COLUMNS."""
        order_id, customer_id, rank, quantity, mail_id, standing, language, is_gift, is_lot_known = row
        for column, value in zip(
            self._numbers, (order_id, customer_id, rank, quantity, mail_id or _NO_MAIL), strict=True
        ):
            column.append(value)
        self._words[0].append(intern(standing))
        self._words[1].append(intern(language))
        self._marks[0].append(bool(is_gift))
        self._marks[1].append(bool(is_lot_known))

    def portion(self, start: int, end: int) -> list[Judged]:
        """Those from the place `start` to before the place `end`."""
        every: list[Any] = [*self._numbers, *self._words, *self._marks]
        columns = [each[start:end] for each in every]
        return [
            Judged(order, customer, rank, quantity, mail or None, standing, language, bool(gift), bool(lot))
            for order, customer, rank, quantity, mail, standing, language, gift, lot in zip(*columns, strict=True)
        ]


def judgements(orders: QuerySet[Order]) -> Judgements:
    """What `affected_orders` or `judged_orders` found, without orders in which nothing is affected: one query."""
    found = Judgements()
    rows: Any = orders.order_by("-ordered_at", "-id").values_list(*_COLUMNS)
    with room_to_sort():
        for row in rows.iterator(chunk_size=_AT_ONCE):
            if row[3]:
                found.add(row)
    return found
