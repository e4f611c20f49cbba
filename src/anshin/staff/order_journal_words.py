"""What the facts about orders and stock mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _plain(value: Any) -> Words:
    return str(value)


_NUMBER: Piece = ("number", "", _plain)
ORDER_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "order.taken_in": (_("Took in an order"), (_NUMBER,)),
    "order.file_imported": (
        _("Imported a file of orders"),
        (
            ("orders_new", _("New"), _plain),
            ("orders_changed", _("Changed"), _plain),
            ("rows_refused", _("Rows left out"), _plain),
        ),
    ),
    "stock.told": (
        _("Took in a list of stock"),
        (
            ("products_changed", _("Changed"), _plain),
            ("products_same", _("Unchanged"), _plain),
            ("rows_refused", _("Rows left out"), _plain),
        ),
    ),
}
