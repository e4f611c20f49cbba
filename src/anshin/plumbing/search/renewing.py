"""Documents that were indexed before there were short stretches of time get their tokens, in portions, newest first.

Searches go on meanwhile: they use short stretches only from the key on that a shop's renewal has reached. What the
tokens of the texts are made of stays as it is, so no text is read. SQLite has no stretches and nothing to renew.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from anshin.plumbing.search.models import IndexedDocument, Renewal
from anshin.plumbing.search.seasons import short_season

AT_ONCE: Final = 500
_ADD: Final = (
    "UPDATE search_tokens t SET tokens = t.tokens || n.token::tsvector"
    " FROM unnest(%s::bigint[], %s::text[]) AS n(key, token) WHERE t.key = n.key"
)


def shops_to_renew() -> list[int]:
    """The shops with documents that lack tokens."""
    return list(Renewal.objects.order_by("shop_id").values_list("shop_id", flat=True))


def renew(shop_id: int) -> bool:
    """Renew the next documents of a shop; whether there are more. What is broken off goes on where it was."""
    with transaction.atomic():
        renewal = Renewal.objects.select_for_update().filter(shop_id=shop_id).first()
        if renewal is None:
            return False
        older = IndexedDocument.objects.filter(shop_id=shop_id, key__lt=renewal.key).order_by("-key")
        rows = list(older.values_list("key", "area")[:AT_ONCE])
        _add(shop_id, rows)
        if len(rows) < AT_ONCE:
            renewal.delete()
            return False
        renewal.key = rows[-1][0]
        renewal.save(update_fields=["key"])
        return True


def _add(shop_id: int, rows: list[tuple[int, str]]) -> None:
    """Safe to do twice: a token that a document has already stays one."""
    if rows and connection.vendor == "postgresql":
        tokens = [short_season(shop_id, area, key) for key, area in rows]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [[key for key, _area in rows], tokens])
