"""The table of tokens: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

SQLite: `content=''` because the text lies in search_indexedpart, `detail=none` because phrases are compared with that
text. PostgreSQL: the vectors are kept out of line, so that reading keys touches few pages. Its planner does not know
what fetching them costs and would rather walk through all rows than ask the index; the functions leave it no choice.
"""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE search_tokens USING"
    " fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
)
POSTGRESQL = (
    "CREATE TABLE search_tokens (key bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "ALTER TABLE search_tokens ALTER COLUMN tokens SET STORAGE EXTERNAL",
    "ALTER TABLE search_tokens SET (toast_tuple_target = 128)",
    "CREATE INDEX search_tokens_gin ON search_tokens USING gin (tokens)",
    "CREATE FUNCTION search_newest(wanted tsquery, since bigint, before bigint, most integer) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT key FROM search_tokens WHERE tokens @@ wanted AND key > since AND key < before ORDER BY key DESC LIMIT most'",
    "CREATE FUNCTION search_all(wanted tsquery) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT key FROM search_tokens WHERE tokens @@ wanted'",
    "CREATE FUNCTION search_count(wanted tsquery, most integer) RETURNS bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT count(*) FROM (SELECT FROM search_tokens WHERE tokens @@ wanted LIMIT most) AS found'",
)


def create(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        for name in ("search_newest", "search_all", "search_count"):
            schema_editor.execute(f"DROP FUNCTION {name}")
    schema_editor.execute("DROP TABLE search_tokens")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
