"""Queries and writes that are built and compiled once and then only filled in; for those that the desk makes all day.

Putting a query together costs Django several times what the database needs to answer it: about 0.5 ms against 0.1 ms.
A prepared query is an ordinary queryset whose SQL is kept, one compilation a connection, and whose rows are read the
way Django reads them, related objects included. Measured in docs/decisions/0010-prepared-queries.md.

    _NOTES = Prepared(lambda case: Note.objects.filter(case_id=case).order_by("at", "id"), case=int)
    notes = _NOTES.rows(case=17)

Only values may change from one use to the next: no lists but those of `PreparedIn`, no None, no prefetch_related
(`keep_related` puts rows that were read by another query where it would).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import get_related_populators

from anshin.plumbing.columns import Value, value_of
from anshin.plumbing.instances import Instances

Row = TypeVar("Row")
_STAND_IN_NUMBER = 2_047_483_000
_STAND_IN_MOMENT = datetime(1907, 1, 2, tzinfo=UTC)


def insert(row: Model) -> None:
    """`row.save(force_insert=True)` for a new row of a table with a number as key, with the SQL kept; no signals.

    Raises what `save` raises for a row that breaks a constraint.
    """
    _insert(row, "")


def insert_unless_taken(row: Model) -> bool:
    """The same, but a row that breaks a unique constraint is left out; whether it was put in."""
    return _insert(row, " ON CONFLICT DO NOTHING")


def update(row: Model, names: Iterable[str]) -> bool:
    """`row.save(update_fields=names)`, with the SQL kept; no signals. Whether the row was still there."""
    names, model, connection = tuple(names), type(row), connections[DEFAULT_DB_ALIAS]
    kept: dict[tuple[Any, ...], tuple[str, list[Value]]] = vars(connection).setdefault("anshin_updates", {})
    if (model, names) not in kept:
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        name = connection.ops.quote_name
        places = ", ".join(f"{name(str(field.column))} = %s" for field in fields)
        key, table = name(str(model._meta.pk.column)), name(model._meta.db_table)
        sql = f"UPDATE {table} SET {places} WHERE {key} = %s"  # noqa: S608
        kept[model, names] = sql, [value_of(field, connection, is_new=False) for field in fields]
    sql, values = kept[model, names]
    return write(sql, [*(value(row) for value in values), row.pk]) == 1


def write(sql: str, values: Sequence[Any]) -> int:
    """Carry out a statement that is always the same but for its values; how many rows it touched."""
    connection = connections[DEFAULT_DB_ALIAS]
    with _cursor(connection) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def write_returning(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The same for a statement that returns rows."""
    connection = connections[DEFAULT_DB_ALIAS]
    with _cursor(connection) as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _insert(row: Model, otherwise: str) -> bool:
    model = type(row)
    connection = connections[DEFAULT_DB_ALIAS]
    kept: dict[type[Model], tuple[str, str, list[Value]]] = vars(connection).setdefault("anshin_inserts", {})
    if model not in kept:
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        name = connection.ops.quote_name
        columns, marks = ", ".join(name(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
        key = name(str(model._meta.pk.column))
        table = name(model._meta.db_table)
        start = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        kept[model] = start, f" RETURNING {key}", [value_of(field, connection, is_new=True) for field in fields]
    start, end, values = kept[model]
    returned = write_returning(start + otherwise + end, [value(row) for value in values])
    if not returned:
        return False
    row.pk = returned[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def keep_related(row: Model, name: str, rows: Iterable[Model]) -> None:
    """Let `row.name.all()` be these rows, as after `prefetch_related`: no query."""
    found = getattr(row, name).get_queryset()
    found._result_cache, found._prefetch_done = list(rows), True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = found


class NotPreparable(TypeError):
    """A value of the query does not appear once and by itself in its SQL."""


class Prepared(Generic[Row]):
    """One query with named values; `kinds` says of each value whether it is an int, a str or a datetime."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds

    def rows(self, **values: Any) -> list[Row]:
        """The rows for these values: one query."""
        return self._compiled().rows(values)

    def tuples(self, **values: Any) -> list[tuple[Any, ...]]:
        """The same for a query with `values_list`."""
        return list(self._compiled().tuples(values))

    def first(self, **values: Any) -> Row | None:
        """The first row, None without one."""
        found = self.rows(**values)
        return found[0] if found else None

    def _compiled(self) -> _Compiled[Row]:
        connection = connections[DEFAULT_DB_ALIAS]
        kept: dict[Prepared[Any], _Compiled[Any]] = vars(connection).setdefault("anshin_prepared", {})
        compiled = kept.get(self)
        if compiled is None:
            compiled = kept[self] = _Compiled(self._build, self._kinds, connection)
        return compiled


class PreparedIn(Generic[Row]):
    """One query about any of some rows, whose numbers `build` gets as a list, with values as `Prepared` takes them;
    asked in portions of `most`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, most: int, **kinds: type) -> None:
        self._names = [f"number_{place}" for place in range(most)]
        self._query: Prepared[Row] = Prepared(partial(self._build, build), **dict.fromkeys(self._names, int), **kinds)

    def tuples(self, numbers: Collection[int], **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query with `values_list` for these numbers, in the order of the numbers' portions."""
        return [row for portion in self._portions(numbers) for row in self._query.tuples(**portion, **values)]

    def rows(self, numbers: Collection[int], **values: Any) -> list[Row]:
        """The same for a query of rows."""
        return [row for portion in self._portions(numbers) for row in self._query.rows(**portion, **values)]

    def _build(self, build: Callable[..., QuerySet[Any, Row]], **values: Any) -> QuerySet[Any, Row]:
        return build([values.pop(name) for name in self._names], **values)

    def _portions(self, numbers: Collection[int]) -> Iterator[dict[str, int]]:
        left, most = list(numbers), len(self._names)
        while left:
            portion, left = left[:most], left[most:]
            filled = portion + portion[-1:] * (most - len(portion))
            yield dict(zip(self._names, filled, strict=True))


class _Compiled(Generic[Row]):
    """The query as one connection speaks it."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Row]], kinds: dict[str, type], connection: BaseDatabaseWrapper
    ) -> None:
        stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(kinds.items())}
        self.compiler = build(**stand_ins).query.get_compiler(connection=connection)
        sql, given = self.compiler.as_sql()
        self.sql, self.given = sql, list(given)
        self.connection, self.kinds = connection, kinds
        self.places = {name: self._places(name, value) for name, value in stand_ins.items()}
        if connection.vendor == "postgresql":
            self._prepare_on_server()
        self.converters = self._converters()
        if self.compiler.klass_info and self.compiler.query.selected is None:  # not with `values_list`
            self._learn_model()

    def rows(self, values: dict[str, Any]) -> list[Row]:
        return list(self._made(self.tuples(values)))

    def tuples(self, values: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
        with _cursor(self.connection) as cursor:
            cursor.execute(self.sql, self._params(values))
            found: Iterable[tuple[Any, ...]] = cursor.fetchall()
        return self._converted(found) if self.converters else found

    def _converters(self) -> list[tuple[int, list[Callable[[Any], Any]]]]:
        """By column: what makes of the driver's values those of the fields."""
        found = self.compiler.get_converters([select[0] for select in self.compiler.select])
        steps = [(place, self._steps(steps, expression)) for place, (steps, expression) in found.items()]
        return [each for each in steps if each[1]]

    def _steps(self, steps: list[Any], expression: Any) -> list[Callable[[Any], Any]]:
        field = expression.output_field if isinstance(expression, Col) else None
        if isinstance(field, JSONField) and field.decoder is None:
            return [_json]
        if field and self.connection.vendor == "sqlite" and self.connection.timezone is UTC:
            kind = field.get_internal_type()
            if kind == "DateTimeField":
                return [_moment]
            if kind == "BooleanField":
                return []  # the driver reads a column of this kind as bool already
        return [partial(_step, step, expression, self.connection) for step in steps]

    def _converted(self, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for row in found:
            values = list(row)
            for place, steps in self.converters:
                value = values[place]
                for step in steps:
                    value = step(value)
                values[place] = value
            yield tuple(values)

    def _params(self, values: dict[str, Any]) -> Sequence[Any]:
        params = self.given.copy()
        for name, places in self.places.items():
            value = values[name]
            if not isinstance(value, self.kinds[name]):
                raise NotPreparable(f"{name} is a {type(value).__name__}")
            for place, adapt in places:
                params[place] = adapt(value)
        return params

    def _made(self, found: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
        make: Any = self.instances
        for row in found:
            instance = make(row)
            for name, place in self.annotations:
                setattr(instance, name, row[place])
            yield instance

    def _learn_model(self) -> None:
        info, select, database = self.compiler.klass_info, self.compiler.select, self.connection.alias
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [select[place][0].target.attname for place in range(start, end)]
        related = get_related_populators(info, select, database)  # type: ignore[call-arg]
        self.instances = Instances(info["model"], names, start, related, database)
        self.annotations = list(self.compiler.annotation_col_map.items())

    def _prepare_on_server(self) -> None:
        """Write into the query what never changes, for the server to see when it plans, and leave the rest open."""
        wanted = sorted({place for places in self.places.values() for place, _ in places})
        self.sql = self.connection.with_constants(self.sql, self.given, set(wanted))  # type: ignore[attr-defined]
        self.given = [None] * len(wanted)
        self.places = {
            name: [(wanted.index(place), adapt) for place, adapt in places] for name, places in self.places.items()
        }

    def _places(self, name: str, stand_in: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        """Where a value stands among the parameters, and what makes of it what the database's driver takes.

        Raises NotPreparable for one that is not there.
        """
        adapt = self.connection.ops.adapt_datetimefield_value if isinstance(stand_in, datetime) else None
        wanted = adapt(stand_in) if adapt else stand_in
        found: list[tuple[int, Callable[[Any], Any]]] = [
            (place, adapt or type(value)) for place, value in enumerate(self.given) if value == wanted
        ]
        if not found:
            raise NotPreparable(f"{name} is not among the query's values: {self.given}")
        return found


def _cursor(connection: BaseDatabaseWrapper) -> Any:
    """A cursor whose queries PostgreSQL keeps; SQLite's driver keeps its own anyway."""
    return connection.prepared_cursor() if connection.vendor == "postgresql" else connection.cursor()  # type: ignore[attr-defined]


def _step(step: Callable[..., Any], expression: Any, connection: BaseDatabaseWrapper, value: Any) -> Any:
    return step(value, expression, connection)


def _json(value: str | None) -> Any:
    """What a column of JSON holds; most hold nothing."""
    if value == "[]":
        return []
    if value == "{}":
        return {}
    return None if value is None else json.loads(value)


def _moment(value: datetime | None) -> datetime | None:
    """A moment as SQLite's driver reads a column: UTC without saying so."""
    return None if value is None else value.replace(tzinfo=UTC)


def _stand_in(kind: type, place: int) -> Any:
    if kind is int:
        return _STAND_IN_NUMBER + place
    if kind is datetime:
        return _STAND_IN_MOMENT + timedelta(days=place)
    if kind is str:
        return f"\u2063stand-in {place}"
    raise NotPreparable(kind.__name__)
