"""PostgreSQL plans a function's query without knowing its values, and took the whole range of keys for a narrow one:
it made a bitmap of all keys to join with that of the words, which cost more than everything else. `key + 0` is no
column of an index, so only the words choose the rows.
"""

from django.db import migrations

HEAD = (
    "CREATE OR REPLACE FUNCTION search_newest(wanted tsquery, since bigint, before bigint, most integer)"
    " RETURNS SETOF bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
)
BY_TOKENS = (
    "'SELECT key FROM search_tokens WHERE tokens @@ wanted AND key + 0 > since AND key + 0 < before"
    " ORDER BY key DESC LIMIT most'"
)
BY_KEYS_TOO = (
    "'SELECT key FROM search_tokens WHERE tokens @@ wanted AND key > since AND key < before"
    " ORDER BY key DESC LIMIT most'"
)


def by_tokens(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{HEAD} {BY_TOKENS}")


def by_keys_too(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"{HEAD} {BY_KEYS_TOO}")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_tokens")]

    operations = [migrations.RunPython(by_tokens, by_keys_too)]
