"""Writing to the index: documents come, change and go, always in the caller's transaction.

FTS5 of SQLite 3.40 can only delete a row of an index without content when it is told the row's tokens again; they are
made from the stored parts. Source: "The 'delete' Command", sqlite.org/fts5.html, read 2026-11-26.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction

from anshin.plumbing.bulk import insert_many
from anshin.plumbing.prepared import write, write_returning
from anshin.plumbing.search.grams import tokens_of_text
from anshin.plumbing.search.hashing import hashes, word_hashes
from anshin.plumbing.search.models import IndexedDocument, IndexedPart, Rebuild
from anshin.plumbing.search.seasons import season, short_season
from anshin.plumbing.search.terms import Content, Document, Part

SLOTS = 64
"""Documents that can be of the same second and still stand in order."""
_KEYS_LOCK = 0x616E73686978  # one number for pg_advisory_xact_lock: for who draws keys
_PUT_TOKENS = (  # tokens of a key that no document has are nobody's
    "INSERT INTO search_tokens (key, tokens)"
    " SELECT n.key, n.tokens::tsvector FROM unnest(%s::bigint[], %s::text[]) AS n(key, tokens)"
    " ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens"
)
_REMOVE = (  # of PostgreSQL, which knows the tokens by their key
    "WITH gone AS (DELETE FROM search_indexeddocument"
    " WHERE shop_id = %s AND kind = %s AND object_id = ANY(%s::bigint[]) RETURNING key),"
    " parts AS (DELETE FROM search_indexedpart USING gone WHERE document_id = gone.key),"
    " tokens AS (DELETE FROM search_tokens t USING gone WHERE t.key = gone.key)"
    " SELECT count(*) FROM gone"
)
_REMOVE_DOCUMENTS = (  # of SQLite, as the next two
    "DELETE FROM search_indexeddocument WHERE shop_id = %s AND kind = %s"
    " AND object_id IN (SELECT value FROM json_each(%s)) RETURNING key, area"
)
_REMOVE_PARTS = (
    "DELETE FROM search_indexedpart WHERE document_id IN (SELECT value FROM json_each(%s))"
    " RETURNING document_id, part, text, words"
)
_REMOVE_TOKENS = "INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', %s, %s)"
_TAKEN = {
    "postgresql": "SELECT key FROM search_indexeddocument WHERE key = ANY(%s::bigint[])",
    "sqlite": "SELECT key FROM search_indexeddocument WHERE key IN (SELECT value FROM json_each(%s))",
}
_PORTION = 200


class NotInTransaction(RuntimeError):
    """The index must change in the transaction that changes what is indexed."""


def put(documents: Sequence[Document], *, shop_id: int) -> None:
    """Index these documents of a shop instead of what was indexed of them before."""
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction("put() outside transaction.atomic()")
    _one_at_a_time()
    for start in range(0, len(documents), _PORTION):
        portion = documents[start : start + _PORTION]
        for kind in {document.kind for document in portion}:
            remove(kind, [each.object_id for each in portion if each.kind == kind], shop_id=shop_id)
        _insert(portion, shop_id)


def remove(kind: str, object_ids: Collection[int], *, shop_id: int) -> int:
    """Take these documents out of the index; how many were in it."""
    ids = list(object_ids)
    if not ids:
        return 0
    if connection.vendor == "postgresql":
        return int(write_returning(_REMOVE, [shop_id, kind, ids])[0][0])
    areas = dict(write_returning(_REMOVE_DOCUMENTS, [shop_id, kind, json.dumps(ids)]))
    parts: dict[int, list[tuple[str, str, str]]] = {key: [] for key in areas}
    for key, *part in write_returning(_REMOVE_PARTS, [json.dumps(list(areas))]):
        parts[key].append((part[0], part[1], part[2]))
    told = [(key, tokens_again(shop_id, areas[key], parts[key])) for key in sorted(areas)]
    _execute_many(_REMOVE_TOKENS, told)
    return len(areas)


def tokens_again(shop_id: int, area: str, parts: Iterable[tuple[str, str, str]]) -> str:
    """The tokens with which a document was put in, of its (part, text, words)."""
    given = [(Part(part), Content(text, frozenset(words.split()))) for part, text, words in parts]
    return _tokens(shop_id, area, given)


def empty() -> None:
    """Take everything of all shops out of the index: before it is built anew from nothing. Inside a transaction."""
    IndexedPart.objects.all()._raw_delete("default")
    IndexedDocument.objects.all()._raw_delete("default")
    Rebuild.objects.all().delete()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_tokens(search_tokens) VALUES ('delete-all')")
        else:
            cursor.execute("TRUNCATE search_tokens")


def _insert(documents: Sequence[Document], shop_id: int) -> None:
    keys = _free_keys(documents)
    ordered = sorted(zip(keys, documents, strict=True), key=lambda pair: pair[0])  # FTS5 likes its rows in order
    insert_many(
        [
            IndexedDocument(key=key, shop_id=shop_id, kind=each.kind, object_id=each.object_id, area=each.area)
            for key, each in ordered
        ]
    )
    insert_many(
        [
            IndexedPart(document_id=key, part=part, text=content.text, words=_kept(content.words))
            for key, each in ordered
            for part, content in _parts(each)
        ]
    )
    rows = [(key, _tokens(shop_id, each.area, _parts(each))) for key, each in ordered]
    if connection.vendor == "sqlite":
        _execute_many("INSERT INTO search_tokens(rowid, tokens) VALUES (%s, %s)", rows)
    else:
        stretches = [
            f"{season(shop_id, each.area, key)} {short_season(shop_id, each.area, key)}" for key, each in ordered
        ]
        dated = [f"{tokens} {stretch}" for (_key, tokens), stretch in zip(rows, stretches, strict=True)]
        write(_PUT_TOKENS, [[key for key, _each in ordered], dated])


def _one_at_a_time() -> None:
    """Two that look for a free key at the same moment would find the same one. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        write("SELECT pg_advisory_xact_lock(%s)", [_KEYS_LOCK])


def _free_keys(documents: Sequence[Document]) -> list[int]:
    """A key for each: its second, and the first free slot from there on."""
    wanted = [max(0, int(each.at.timestamp())) * SLOTS for each in documents]
    taken = _taken(set(wanted))
    keys = []
    for key in wanted:
        if key in taken:
            near = IndexedDocument.objects.filter(key__gte=key, key__lt=key + SLOTS * SLOTS)
            taken.update(near.values_list("key", flat=True))
        while key in taken:
            key += 1  # noqa: PLW2901  looking for a free one
        taken.add(key)
        keys.append(key)
    return keys


def _taken(keys: Collection[int]) -> set[int]:
    wanted = list(keys)
    given = wanted if connection.vendor == "postgresql" else json.dumps(wanted)
    return {key for (key,) in write_returning(_TAKEN[connection.vendor], [given])}


def _parts(document: Document) -> list[tuple[Part, Content]]:
    every = ((Part.HEAD, document.head), (Part.BODY, document.body), (Part.INNER, document.inner))
    return [(part, content) for part, content in every if content.text]


def _tokens(shop_id: int, area: str, parts: Iterable[tuple[Part, Content]]) -> str:
    found: set[str] = set()
    for part, content in parts:
        found.update(map(hashes(shop_id, area, part).__getitem__, tokens_of_text(content.text)))
        found.update(map(word_hashes(shop_id, area, part).__getitem__, content.words))
    return " ".join(found)


def _kept(words: Collection[str]) -> str:
    return f" {' '.join(sorted(words))} " if words else ""


def _execute_many(sql: str, rows: Sequence[tuple[int | str, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, [list(row) for row in rows])
