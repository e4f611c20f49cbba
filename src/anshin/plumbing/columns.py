"""What the database's driver takes for a field of a row: Django's own conversion, passed by where it changes nothing.

Most fields hold numbers and short texts, which the drivers of both databases take as they are; asking Django about each
of a message's forty costs as much as writing them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

_TAKEN_AS_THEY_ARE: dict[str, type] = {
    "CharField": str,
    "TextField": str,
    "BooleanField": bool,
    "ForeignKey": int,
    "OneToOneField": int,
    "BigAutoField": int,
    "AutoField": int,
    "IntegerField": int,
    "BigIntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
}
"""Fields whose values of this type the drivers of both databases take as they are."""

Value = Callable[[Model], Any]


def value_of(field: Field[Any, Any], connection: BaseDatabaseWrapper, *, is_new: bool) -> Value:
    """Gives for a row the value to be written; `is_new`: whether it is inserted or changed."""
    name, kind = field.attname, _TAKEN_AS_THEY_ARE.get(field.get_internal_type())
    adapt = connection.ops.adapt_datetimefield_value

    def converted(row: Model) -> Any:
        return field.get_db_prep_save(field.pre_save(row, is_new), connection)

    def plain(row: Model) -> Any:
        value = getattr(row, name)
        return value if value is None or type(value) is kind else converted(row)

    def moment(row: Model) -> Any:
        value = getattr(row, name)
        return adapt(value) if type(value) is datetime and value.tzinfo else converted(row)

    if kind:
        return plain
    is_given = not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))
    return moment if field.get_internal_type() == "DateTimeField" and is_given else converted
