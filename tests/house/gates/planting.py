"""A shop with one row in every table, all of them under one number, so that no list of fixtures can go stale.

Whatever an address, a query or a form calls by number is there under that number, in whichever table it lies; every
text holds the shop's mark. A new table gets its row here by itself, or the test says which value it lacks.
"""

from __future__ import annotations

import functools
import hashlib
import re
from datetime import date, time
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from anshin.plumbing.files.store import path_of
from tests.house.gates.shapes import NOW, SHAPES, Planted, more_rows, picture

# What belongs to no shop and to nobody: Django's own tables, lanes of mail servers, marks of the timetable.
NOT_OF_A_SHOP = re.compile(
    r"auth\.|contenttypes\.|sessions\.|jobs\.TimetableMark|backups\.|search\.|outside\.|socialaccount\."
)
FREE_TEXT = re.compile(
    r"(name|title|subject|text|words|note|remark|said|reason|lines|comment|heading|what_to_do|remedy|hazard|affected"
    r"|summary|answer|contact|product|quote|plain|account|signature\w*|last_line|search_key)$"
)
NUMBERED = {"number", "place", "version", "revision", "last_number", "position"}


class Unplantable(AssertionError):
    """A table whose row needs a value that nobody has said."""


def tables() -> list[type[models.Model]]:
    """Every table that holds something of a shop or of a person."""
    return [model for model in apps.get_models() if not NOT_OF_A_SHOP.match(model._meta.label)]


def plant(planted: Planted) -> None:
    """One row for every table, and the bytes of the one file."""
    place = path_of(hashlib.sha256(picture(planted)).hexdigest())
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(picture(planted))
    with transaction.atomic():
        for model in _in_order():
            row = model(**_values(model, planted))
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except Exception as trouble:
                raise Unplantable(
                    f"{model._meta.label}: {trouble}. Say in tests/house/gates/shapes.py what its row needs."
                ) from trouble
        for row in more_rows(planted):
            row.save(force_insert=True)
        connection.check_constraints()
        _number_from_here()


def _number_from_here() -> None:
    """Rows made by requests get numbers behind the planted ones. PostgreSQL counts on by itself whatever it was told,
    also over what is taken back: some request among thousands would meet a number that is planted already."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


@functools.cache
def _in_order() -> tuple[type[models.Model], ...]:
    """Tables, each after those that it needs."""
    done: dict[type[models.Model], None] = {}
    waiting = tables()
    while waiting:
        ready = [model for model in waiting if all(each in done or each is model for each in _needs(model))]
        if not ready:
            raise Unplantable(f"tables that need each other: {waiting}")
        done.update(dict.fromkeys(ready))
        waiting = [model for model in waiting if model not in done]
    return tuple(done)


def _needs(model: type[models.Model]) -> set[type[models.Model]]:
    shape = SHAPES.get(model._meta.label, {})
    return {
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation and (not field.null or shape.get(field.name) is not None)
    }


def _values(model: type[models.Model], planted: Planted) -> dict[str, Any]:
    shape = SHAPES.get(model._meta.label, {})
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in shape:
            said = shape[field.name]
            value = said(planted) if callable(said) else said
        else:
            value = _value(field, planted)
        if value is not None:
            values[field.attname] = value
    return values


def _value(field: models.Field, planted: Planted) -> Any:
    if field.is_relation:
        return None if field.null else planted.number
    if field.primary_key or field.name == "shop_id":
        return planted.number
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, planted)
    if field.name in NUMBERED and isinstance(field, models.IntegerField):
        return planted.number
    if field.null or field.has_default():
        return None
    return _plain(field, planted)


def _text(field: models.Field, planted: Planted) -> str | None:
    if field.choices:
        return None if field.has_default() or field.blank else field.choices[0][0]
    if "mail" in field.name or field.name == "address":
        return planted.mail
    if FREE_TEXT.search(field.name) and (field.max_length or 999) >= 30:
        return f"{planted.mark} {field.name}"
    if field.has_default() or field.blank or field.null:
        return None
    return planted.key[: field.max_length]


def _plain(field: models.Field, planted: Planted) -> Any:
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.DateField):
        return date(2026, 11, 20)
    if isinstance(field, models.TimeField):
        return time(9, 0)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b""
    raise Unplantable(f"{field}: say in tests/house/gates/shapes.py what it holds")
