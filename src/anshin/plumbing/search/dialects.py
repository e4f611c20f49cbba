"""How SQLite and PostgreSQL are asked: the same question in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from anshin.plumbing.search.conditions import Expression, Look
from anshin.plumbing.search.terms import Part

Asked = tuple[str, list[Any]]
"""SQL and its values."""
ONE_BY_ONE: Final = "LIMIT 1 OFFSET 0"
"""At the end of a subquery that is to be asked for each row: PostgreSQL would else read the whole table at once."""
_WANTED: Final = "%s::text[]::tsquery[]"
_MOST_SIDE_BY_SIDE: Final = 6
"""Conditions that the functions of PostgreSQL know to ask side by side."""
_EACH_DOCUMENT: Final = (
    "JOIN LATERAL (SELECT object_id FROM search_indexeddocument i WHERE i.key = t.key OFFSET 0) AS d ON true"
)


def newest(expression: Expression, conditions: Sequence[Asked], *, after: int, before: int, most: int) -> Asked:
    """(key, object id) of the newest documents between two keys that meet expression and conditions, newest first.

    A condition names the document's key by `key_column()` and its row by `d`.
    """
    also, values = _together(conditions)
    if connection.vendor == "sqlite":
        # CROSS JOIN: SQLite then reads the tokens first, and FTS5 hands them out in this order
        rows = "search_tokens t CROSS JOIN search_indexeddocument d"
        where = f"d.key = t.rowid AND t.search_tokens MATCH %s AND t.rowid > %s AND t.rowid < %s{also}"
        sql = f"SELECT t.rowid, d.object_id FROM {rows} WHERE {where} ORDER BY t.rowid DESC LIMIT %s"  # noqa: S608
        return sql, [_for_fts5(expression), after, before, *values, most]
    if not conditions:
        rows = f"search_newest({_WANTED}, %s, %s, %s) AS t(key)"
        first: list[Any] = [_for_tsqueries(expression), after, before, most]
    else:
        every = f"search_all({_WANTED}) AS every(key) WHERE key > %s AND key < %s ORDER BY key DESC OFFSET 0"
        rows = f"(SELECT key FROM {every}) AS t"  # noqa: S608  no value
        first = [_for_tsqueries(expression), after, before]
    sql = (
        f"SELECT t.key, d.object_id FROM {rows} {_EACH_DOCUMENT}"  # noqa: S608  no value
        f" WHERE true{also} ORDER BY t.key DESC LIMIT %s"
    )
    return sql, [*first, *values, most]


def newest_of_all(
    expression: Expression, conditions: Sequence[Asked], *, after: int, before: int, most: int, counted: int
) -> Asked:
    """(how many in all, key, object id) of the newest documents as `newest` gives them, in one look at the index; a
    single row (0, None, None) where there is none. Those with conditions are counted up to `counted`.

    For PostgreSQL, which reads all rows of a word anyway."""
    also, values = _together(conditions)
    hits = f"SELECT t.key FROM search_all({_WANTED}) AS t(key) WHERE t.key > %s AND t.key < %s"  # noqa: S608  no value in it
    shown = f"(SELECT key FROM hits ORDER BY key DESC LIMIT %s) t {_EACH_DOCUMENT}"  # noqa: S608  no value in it
    if conditions:  # they are dear, so they are asked of the newest first, and of no more than have to be counted
        every = f"search_all({_WANTED}) AS every(key) WHERE key > %s AND key < %s ORDER BY key DESC OFFSET 0"
        rows = f"(SELECT key FROM {every}) AS t {_EACH_DOCUMENT}"  # noqa: S608  no value in it
        hits = f"SELECT t.key, d.object_id FROM {rows} WHERE true{also} LIMIT %s"  # noqa: S608  no value in it
        values = [*values, counted]
        shown = "(SELECT key, object_id FROM hits ORDER BY key DESC LIMIT %s) d"
    sql = (
        f"WITH hits AS MATERIALIZED ({hits}), shown AS (SELECT key, object_id FROM {shown})"  # noqa: S608  no value
        " SELECT n.total, shown.key, shown.object_id FROM (SELECT COUNT(*) AS total FROM hits) n"
        " LEFT JOIN shown ON true ORDER BY shown.key DESC"
    )
    return sql, [_for_tsqueries(expression), after, before, *values, most]


def number(expression: Expression, conditions: Sequence[Asked], *, after: int, before: int, most: int) -> Asked:
    """How many documents between two keys meet the expression and all conditions, counted up to `most`."""
    also, values = _together(conditions)
    if connection.vendor == "sqlite":
        join = "CROSS JOIN search_indexeddocument d" if conditions else ""
        between = "t.search_tokens MATCH %s AND t.rowid > %s AND t.rowid < %s"
        where = f"{'d.key = t.rowid AND ' if conditions else ''}{between}{also}"
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM search_tokens t {join} WHERE {where} LIMIT %s)"  # noqa: S608  no value
        return sql, [_for_fts5(expression), after, before, *values, most]
    rows = f"search_all({_WANTED}) AS t(key) {_EACH_DOCUMENT if conditions else ''}"
    between = "t.key > %s AND t.key < %s"
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {rows} WHERE {between}{also} LIMIT %s) AS found"  # noqa: S608  no value
    return sql, [_for_tsqueries(expression), after, before, *values, most]


def number_by_tokens(expression: Expression, most: int) -> Asked:
    """How many documents of all times meet the expression, counted up to `most`: for PostgreSQL, which then looks at no
    row that it knows to be there for everybody."""
    return f"SELECT search_count({_WANTED}, %s)", [_for_tsqueries(expression), most]


def key_column() -> str:
    """The key of a row of tokens, for conditions."""
    return "t.rowid" if connection.vendor == "sqlite" else "t.key"


def is_among(rows: QuerySet[Any]) -> Asked:
    """The condition that the document's row is one of these."""
    table = rows.model._meta.db_table
    own = rows.order_by().extra(where=[f'"{table}"."id" = d.object_id']).values("pk")  # noqa: S610  no value in it
    sql, values = own.query.sql_with_params()
    return f"EXISTS ({sql} {ONE_BY_ONE})", list(values)


def _together(conditions: Sequence[Asked]) -> Asked:
    also = "".join(f" AND {condition}" for condition, _values in conditions)
    return also, [value for _condition, values in conditions for value in values]


def looked_at(look: Look, parts: Sequence[Part]) -> Asked:
    """The condition that the texts of a document have what is looked for."""
    phrase, given = _in_a_part("text", look.phrase, parts)
    if look.is_excluded:
        return f"NOT {phrase}", given
    if not look.words:
        return phrase, given
    each = [_in_a_part("words", f" {word} ", parts, short=word) for word in look.words]
    words = " AND ".join(sql for sql, _values in each)
    return f"({phrase} OR ({words}))", [*given, *(value for _sql, values in each for value in values)]


def _in_a_part(column: str, wanted: str, parts: Sequence[Part], *, short: str = "") -> Asked:
    position = "instr" if connection.vendor == "sqlite" else "strpos"
    marks = ", ".join(["%s"] * len(parts))
    found, values = f"{position}(x.{column}, %s) > 0", [wanted]
    if short and len(short) <= 2:
        found, values = f"({found} OR {position}(x.text, %s) > 0)", [wanted, short]
    where = f"x.document_id = {key_column()} AND x.part IN ({marks}) AND {found}"
    sql = f"EXISTS (SELECT 1 FROM search_indexedpart x WHERE {where} {ONE_BY_ONE})"  # noqa: S608  no value in it
    return sql, [*(part.value for part in parts), *values]


def _for_fts5(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    kind, members = expression
    return "(" + f" {kind.upper()} ".join(map(_for_fts5, members)) + ")"


def _for_tsqueries(expression: Expression) -> list[str]:
    """The conditions that a row must all meet: PostgreSQL goes through several side by side faster than through one."""
    every = [_for_tsquery(each) for each in _side_by_side(expression)]
    last = _MOST_SIDE_BY_SIDE - 1
    return [*every[:last], " & ".join(every[last:])] if len(every) > last else every


def _side_by_side(expression: Expression) -> list[Expression]:
    """What is joined by “and”, one by one. What must not be there stays beside something that must: alone it would be
    looked for in every row."""
    if isinstance(expression, str) or expression[0] == "or":
        return [expression]
    kind, members = expression
    if kind == "and":
        return [each for member in members for each in _side_by_side(member)]
    first, *others = _side_by_side(members[0])
    return [("not", [first, members[1]]), *others]


def _for_tsquery(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    kind, members = expression
    joint = {"and": " & ", "or": " | ", "not": " & !"}[kind]
    return "(" + joint.join(map(_for_tsquery, members)) + ")"
