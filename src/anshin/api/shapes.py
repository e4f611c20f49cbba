"""The values that all operations share: texts, moments, numbers, pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Path, Query, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from anshin.plumbing.pages.keyset import Page

Item = TypeVar("Item")
LARGEST = 2**31 - 1
_PLAIN = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _as_written(value: object) -> object:
    """No number is taken for a moment, nor a text that is none of RFC 3339."""
    if isinstance(value, str) and not _WRITTEN.fullmatch(value):
        raise ValueError("A moment such as 2026-11-20T09:00:00+09:00 is wanted")
    return _as_text(value)


def _as_text(value: object) -> object:
    if not isinstance(value, str | None):
        raise ValueError("A text is wanted")
    return value


def _day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("A day such as 2026-11-20 is wanted")
    return _as_text(value)


def _usual(moment: datetime) -> datetime:
    try:
        if _FIRST <= moment.astimezone(UTC) <= _LAST:
            return moment
    except OverflowError:
        pass
    raise ValueError("A moment between 1990 and 2100 is wanted")


Moment = Annotated[AwareDatetime, BeforeValidator(_as_written), AfterValidator(_usual)]
"""A moment with its offset, RFC 3339."""
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=_PLAIN)]
Mail = Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=_PLAIN)]
Number = Annotated[int, Path(ge=1, le=LARGEST, description="The number of the case.")]
Key = Annotated[int, Path(ge=1, le=2**53 - 1)]
Cursor = Annotated[
    str, Query(max_length=400, pattern=_PLAIN, description="`next` or `previous` of a page; empty for the first one.")
]
Limit = Annotated[int, Query(ge=1, le=100, description="Lines of a page.")]


class Shape(Schema):
    """What is told. Fields may be added without a new version; none is taken away or given another meaning."""


class Told(Schema):
    """What is brought. Unknown fields are refused, so that a typing error is not silently nothing."""

    model_config = ConfigDict(extra="forbid")


class Listed(Shape, Generic[Item]):
    """One page of a list. `next` and `previous` are cursors, empty where the list ends."""

    items: list[Item]
    next: str = Field(examples=["WzAsICIyMDI2LTExLTIwVDA1OjAwOjAwKzAwOjAwIiwgNDJd"])
    previous: str


def listed(page: Page[Any], items: list[Item]) -> dict[str, object]:
    """The page with its lines as they are told."""
    return {"items": items, "next": page.next, "previous": page.previous}
