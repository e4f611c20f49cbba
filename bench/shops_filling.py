"""Copies of the first shop of a bench's desk, with all its cases, inside the database. Runs in the desk's environment.

Rows of all shops lie mixed in their tables, as they do where shops have grown side by side, and each shop's words
stand in the search index as its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import setup

setup()

# model → what changes in a copy: "shop", or a model whose numbers move on, or "member" for who of the staff it is
OWN: dict[str, dict[str, str]] = {
    "commerce.Customer": {},
    "commerce.ContactPoint": {"customer_id": "commerce.Customer"},
    "cases.Tag": {},
    "cases.Case": {"customer_id": "commerce.Customer", "owner_id": "member"},
    "cases.CaseTag": {"case_id": "cases.Case", "tag_id": "cases.Tag"},
    "cases.Message": {"case_id": "cases.Case", "author_id": "member"},
    "cases.Counter": {"owner_id": "member"},
    "journal.JournalEntry": {"case_id": "cases.Case", "actor_id": "member"},
}
KEY_STEP = 7 * 64  # a copy's documents lie some seconds after those of the shop before


@dataclass(frozen=True)
class Copy:
    """A shop to be filled: the how-manieth it is, and its members in the order of the first shop's."""

    turn: int
    shop_id: int
    members: tuple[int, ...]


def fill(count: int, queries: Sequence[str]) -> None:
    """Make the first shop one of `count` alike. Of their words those stand in the search index that `queries` have:
    each shop has its own, and what a search costs goes by how many documents a word has."""
    from django.apps import apps
    from django.db import connection

    from anshin.cases.models import CaseNumbering

    first, copies = _open(count)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE turns (turn INTEGER PRIMARY KEY, shop_id INTEGER, members TEXT)")
        for copy in copies:
            members = json.dumps({str(a): b for a, b in zip(first.members, copy.members, strict=True)})
            cursor.execute("INSERT INTO turns VALUES (%s, %s, %s)", [copy.turn, copy.shop_id, members])
        last = {name: _last(name) for name in OWN}
        for name, changed in OWN.items():
            with without_indexes(apps.get_model(name)._meta.db_table):
                cursor.execute(_copying(name, changed, last, first.shop_id, len(copies)))
            print(f"{name}: {_last(name):,}", flush=True)
    numbers = CaseNumbering.objects.get(shop=first.shop_id).last_number
    for copy in copies:
        CaseNumbering.objects.update_or_create(shop_id=copy.shop_id, defaults={"last_number": numbers})
    _count_on()
    index(copies, last["cases.Case"], queries)


def doors(count: int) -> list[dict[str, Any]]:
    """Slug, key of a session of an agent, numbers of cases and of customers of so many shops, evenly chosen; the first
    shop alone for 1."""
    from anshin.shops.models import Shop
    from anshin.shops.queries import staff_of
    from bench.desk_filling import _session_of

    shops = list(Shop.objects.order_by("pk"))
    return [
        {
            "slug": shop.slug,
            "session": _session_of(staff_of(shop)[0].person),
            "numbers": numbers(shop.slug, 40),
            "customers": customers(shop.slug, 40),
        }
        for shop in shops[:: max(1, len(shops) // count)][:count]
    ]


def customers(slug: str, count: int) -> list[int]:
    """Numbers of the customers with most cases."""
    from django.db.models import Count

    from anshin.cases.models import Case

    known = Case.objects.filter(shop__slug=slug, customer__isnull=False).values("customer_id")
    rows = known.annotate(count=Count("pk")).order_by("-count", "customer_id")[:count]
    return [row["customer_id"] for row in rows]


def numbers(slug: str, count: int) -> list[int]:
    """Numbers of cases with three or four messages, spread over a shop."""
    from anshin.cases.models import Case

    rows = Case.objects.filter(shop__slug=slug, version__in=[3, 4]).order_by("number")
    found = list(rows.values_list("number", flat=True))
    return found[:: max(1, len(found) // count)][:count]


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Take a table's indexes away and make them anew, which is quicker than to keep them while it is filled."""
    from django.db import connection

    if connection.vendor == "postgresql":
        sql = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)"
        )
        given = [table, table]
    else:
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
        given = [table]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found = cursor.fetchall()
        for name, _made in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, made in found:
            cursor.execute(made)


def _open(count: int) -> tuple[Copy, list[Copy]]:
    """The first shop, and `count` - 1 new ones with as many staff and a mailbox that is never fetched."""
    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from anshin.plumbing import clock
    from anshin.shops.actions import invite_staff, open_shop
    from anshin.shops.models import Membership, Shop
    from anshin.shops.terms import Role

    now, copies = clock.now(), []
    original = Shop.objects.get()
    staff = list(Membership.objects.filter(shop=original).order_by("pk"))
    for turn in range(1, count):
        shop = open_shop(slug=f"bench{turn}", name=f"店 {turn}", contact_mail="", order_formats=("KM-#####",), now=now)
        members = [
            invite_staff(
                shop=shop,
                email=f"s{place}.{turn}@bench.example",
                name=f"担当 {place}",
                role=Role.AGENT,
                by=None,
                now=now,
            )
            for place in range(len(staff))
        ]
        save_mailbox(shop=shop, settings=MailboxSettings(address=f"desk{turn}@bench.example"), by=None, now=now)
        copies.append(Copy(turn, shop.pk, tuple(member.pk for member in members)))
    return Copy(0, original.pk, tuple(member.pk for member in staff)), copies


def _copying(name: str, changed: dict[str, str], last: dict[str, int], shop_id: int, copies: int) -> str:
    """The statement that writes all copies of a table's rows, row for row of the first shop's one for each shop."""
    from django.apps import apps
    from django.db import connection

    model = apps.get_model(name)
    columns = []
    for field in model._meta.concrete_fields:
        column, what = f'c."{field.column}"', changed.get(field.attname)
        if field.primary_key or what in last:
            columns.append(f"{last[what or name]} + ({column} - 1) * {copies} + t.turn")
        elif field.attname == "shop_id":
            columns.append("t.shop_id")
        elif what == "member":
            columns.append(_member(column, connection.vendor))
        else:
            columns.append(column)
    into = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    rows = f'(SELECT * FROM "{model._meta.db_table}" WHERE id <= {last[name]} AND shop_id = {shop_id} ORDER BY id)'
    beside = "turns t" if connection.vendor == "sqlite" else "LATERAL (SELECT * FROM turns WHERE c.id > 0) t"
    return (
        f'INSERT INTO "{model._meta.db_table}" ({into}) SELECT {", ".join(columns)} FROM {rows} c CROSS JOIN {beside}'
    )


def _member(column: str, vendor: str) -> str:
    if vendor == "sqlite":
        return f"COALESCE(t.members ->> CAST({column} AS TEXT), {column})"
    return f"COALESCE((t.members::json ->> {column}::text)::bigint, {column})"


def _last(name: str) -> int:
    from django.apps import apps
    from django.db.models import Max

    return int(apps.get_model(name).objects.aggregate(last=Max("id"))["last"] or 0)


def _count_on() -> None:
    """Let PostgreSQL draw numbers from behind the copies."""
    from django.apps import apps
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in OWN:
                table = apps.get_model(name)._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM \"{table}\"))"
                )


def index(copies: Sequence[Copy], last_case: int, queries: Sequence[str]) -> None:
    """Put the copies into the search index as their shops' own."""
    from django.db import connection, transaction

    from anshin.plumbing.search.models import IndexedDocument, IndexedPart

    documents = list(IndexedDocument.objects.order_by("key").values_list("key", "kind", "object_id", "area"))
    parts: dict[int, list[tuple[str, str, str]]] = {key: [] for key, *_rest in documents}
    for key, *part in IndexedPart.objects.values_list("document_id", "part", "text", "words"):
        parts[key].append((part[0], part[1], part[2]))
    words = Words([(area, parts[key]) for key, _kind, _object, area in documents], queries)
    taken = set(parts)
    with connection.cursor() as cursor, without_indexes("search_tokens"):
        for copy in copies:
            keys = [_free(key + copy.turn * KEY_STEP, taken) for key in parts]
            ids = [last_case + (each[2] - 1) * len(copies) + copy.turn for each in documents]
            rows = [
                (key, copy.shop_id, kind, number, area)
                for key, number, (_key, kind, _object, area) in zip(keys, ids, documents, strict=True)
            ]
            again = [(new, *part) for new, old in zip(keys, parts, strict=True) for part in parts[old]]
            with transaction.atomic():
                _write(cursor, "search_indexeddocument (key, shop_id, kind, object_id, area)", rows)
                _write(cursor, "search_indexedpart (document_id, part, text, words)", again)
                _write_tokens(cursor, sorted(zip(keys, words.of(copy.shop_id, keys), strict=True)))
            if copy.turn % 10 == 0:
                print(f"search index: {copy.turn} shops", flush=True)


def _free(key: int, taken: set[int]) -> int:
    while key in taken:
        key += 1
    taken.add(key)
    return key


def _write(cursor: Any, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as lines:
            for row in rows:
                lines.write_row(row)
    else:
        cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


def _write_tokens(cursor: Any, rows: Sequence[tuple[int, str]]) -> None:
    from django.db import connection

    key = "key" if connection.vendor == "postgresql" else "rowid"
    _write(cursor, f"search_tokens ({key}, tokens)", rows)


class Words:
    """The tokens of documents that lie in one of the queries, before they are hashed, each kept once, so that another
    shop's cost little."""

    def __init__(self, documents: Sequence[tuple[str, Sequence[tuple[str, str, str]]]], queries: Sequence[str]) -> None:
        from anshin.language.search_text import search_text
        from anshin.plumbing.search.grams import tokens_of_text
        from anshin.plumbing.search.terms import Part

        places: dict[tuple[str, str, bool, str], int] = {}
        self._documents, self._areas = [], [area for area, _parts in documents]
        asked = [search_text(query) for query in queries]
        letters = {token for query in asked for token in tokens_of_text(query.plain)}
        known = {word for query in asked for word in query.words}
        for area, parts in documents:
            found = []
            for part, text, words in parts:
                every = [(False, each) for each in tokens_of_text(text) & letters]
                every += [(True, each) for each in words.split() if each in known]
                found += [places.setdefault((area, Part(part), is_word, each), len(places)) for is_word, each in every]
            self._documents.append(found)
        self._words = list(places)

    def of(self, shop_id: int, keys: Sequence[int]) -> Iterator[str]:
        """Each document's tokens as they stand in the index of that shop, under these keys."""
        from django.db import connection

        from anshin.plumbing.search.hashing import Hashes
        from anshin.plumbing.search.seasons import season, short_season

        kinds = {(area, part, is_word) for area, part, is_word, _word in self._words}
        hashed = {
            (area, part, is_word): Hashes(f"{shop_id}.{area}{part}." + ("\x00" if is_word else ""))
            for area, part, is_word in kinds
        }
        table = [hashed[area, part, is_word][word] for area, part, is_word, word in self._words]
        is_dated = connection.vendor == "postgresql"
        for key, area, places in zip(keys, self._areas, self._documents, strict=True):
            tokens = " ".join({table[place] for place in places})
            yield f"{tokens} {season(shop_id, area, key)} {short_season(shop_id, area, key)}" if is_dated else tokens
