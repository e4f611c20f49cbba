"""Whether a column has one of many values, handed to the database as one: lists go into the thousands, serial numbers
into the hundred thousands, and with `__in` each of them is a parameter that Django and the driver look at by itself."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, CharField, F, Func, Q, Value


def one_of(name: str, values: Collection[int] | Collection[str]) -> Q:
    """Condition that the column `name` has one of these numbers, or one of these texts."""
    if not values:
        return Q(pk__in=[])
    told = Value(json.dumps(list(values), ensure_ascii=False), output_field=CharField())
    kind = "bigint" if isinstance(next(iter(values)), int) else "text"
    return Q(_OneOf(F(name), told, kind=kind))


class _OneOf(Func):
    output_field = BooleanField()
    conditional = True
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s)))"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=" IN (SELECT value FROM json_each(", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joiner = " IN (SELECT jsonb_array_elements_text("
        template = "(%(expressions)s::jsonb)::%(kind)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)
