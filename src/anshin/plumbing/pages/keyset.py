"""Pages of a list by the key of its last row, so that page 1,000 costs what page 1 costs.

    page = page_of(cases, order=("-last_message_at", "-id"), size=50, cursor=request.GET.get("page", ""))

`order` names the columns as `order_by` does, mixed directions allowed. The last one must be unique, and none may be
NULL: a NULL has no place in an order that both databases agree on.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class BadCursor(ValueError):
    """The cursor is none of ours, or belongs to another order. Show the first page, or answer 404."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page in the list's own order. `next` and `previous` are cursors, "" where the list ends."""

    items: list[Item]
    next: str
    previous: str


def page_of(queryset: QuerySet[Row], *, order: Sequence[str], size: int, cursor: str = "") -> Page[Row]:
    """The page after (or before) `cursor`, the first one without. One query. Raises: BadCursor."""
    steps, values = steps_from(order, cursor)
    rows = queryset.order_by(*steps)
    if values:
        rows = rows.filter(beyond(steps, values))
    return page_from(list(rows[: size + 1]), order=order, size=size, cursor=cursor)


def steps_from(order: Sequence[str], cursor: str) -> tuple[list[str], list[Any]]:
    """The order in which rows are read from `cursor` on, and the values beyond which. Raises: BadCursor."""
    backwards, values = decode(cursor, keys=len(order)) if cursor else (False, [])
    return [_turned(key) for key in order] if backwards else list(order), values


def page_from(found: list[Item], *, order: Sequence[str], size: int, cursor: str) -> Page[Item]:
    """The page of at most `size` + 1 rows that were read as `steps_from` says. Raises: BadCursor."""
    backwards = bool(cursor) and decode(cursor, keys=len(order))[0]
    more = len(found) > size
    items = found[:size]
    if backwards:
        items.reverse()
    has_previous, has_next = (more, True) if backwards else (bool(cursor), more)
    return Page(
        items=items,
        next=encode(False, key_of(items[-1], order)) if items and has_next else "",
        previous=encode(True, key_of(items[0], order)) if items and has_previous else "",
    )


def beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """The rows that come after `values` in `order`.

    Written as a <= x AND (a < x OR b < y) rather than a < x OR (a = x AND b < y): the leading condition lets both
    databases enter the index at the right place.
    """
    key, rest = order[0], order[1:]
    name, side = (key[1:], "lt") if key.startswith("-") else (key, "gt")
    strictly = Q(**{f"{name}__{side}": values[0]})
    if not rest:
        return strictly
    return Q(**{f"{name}__{side}e": values[0]}) & (strictly | beyond(rest, values[1:]))


def key_of(row: Any, order: Sequence[str]) -> list[Any]:
    """The row's place in `order`. Raises: ValueError for a NULL."""
    values = []
    for key in order:
        value: Any = row
        for part in key.removeprefix("-").split("__"):
            value = getattr(value, part)
        if value is None:
            raise ValueError(f"{key} is NULL in {row!r}; a list cannot be paged by it")
        values.append(value)
    return values


def encode(backwards: bool, values: Sequence[Any]) -> str:
    """A cursor for an address. It is opaque, not secret: never put into `order` what the reader may not know."""
    plain = json.dumps(
        [int(backwards), *[_plain(value) for value in values]], separators=(",", ":"), ensure_ascii=False
    )
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode(cursor: str, *, keys: int) -> tuple[bool, list[Any]]:
    """(backwards, values) of a cursor made by `encode`. Raises: BadCursor."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != keys + 1 or parts[0] not in (0, 1):
            raise BadCursor(cursor)
        return bool(parts[0]), [_read(part) for part in parts[1:]]
    except (binascii.Error, UnicodeError, ValueError, TypeError, KeyError) as error:
        raise BadCursor(cursor) from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"a list cannot be paged by a {type(value).__name__}")


def _read(part: Any) -> Any:
    if isinstance(part, dict):
        return datetime.fromisoformat(part["at"]) if "at" in part else date.fromisoformat(part["on"])
    if isinstance(part, (bool, int, str)):
        return part
    raise BadCursor(str(part))


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"
