"""What 0001 to 0005 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables

SQLITE = (
    "CREATE VIRTUAL TABLE search_tokens USING"
    " fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
)
POSTGRESQL = (
    "CREATE TABLE search_tokens (key bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "ALTER TABLE search_tokens ALTER COLUMN tokens SET STORAGE EXTERNAL",
    "ALTER TABLE search_tokens SET (toast_tuple_target = 128)",
    "CREATE INDEX search_tokens_gin ON search_tokens USING gin (tokens)",
    "ALTER INDEX search_tokens_gin SET (gin_pending_list_limit = 256)",
    "CREATE FUNCTION search_newest(wanted tsquery, since bigint, before bigint, most integer) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT key FROM search_tokens WHERE tokens @@ wanted AND key + 0 > since AND key + 0 < before"
    " ORDER BY key DESC LIMIT most'",
    "CREATE FUNCTION search_all(wanted tsquery) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT key FROM search_tokens WHERE tokens @@ wanted'",
    "CREATE FUNCTION search_count(wanted tsquery, most integer) RETURNS bigint"
    " LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS"
    " 'SELECT count(*) FROM (SELECT FROM search_tokens WHERE tokens @@ wanted LIMIT most) AS found'",
)


def create(apps, schema_editor):
    """Why they are as they are: 0002_tokens, 0003_newest_by_tokens and 0005_short_pending_list."""
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        for name in ("search_newest", "search_all", "search_count"):
            schema_editor.execute(f"DROP FUNCTION {name}")
    schema_editor.execute("DROP TABLE search_tokens")


class Migration(migrations.Migration):

    replaces = [
        ('search', '0001_initial'),
        ('search', '0002_tokens'),
        ('search', '0003_newest_by_tokens'),
        ('search', '0004_renewal'),
        ('search', '0005_short_pending_list'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='IndexedDocument',
                fields=[
                    ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('shop_id', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=12)),
                    ('object_id', models.BigIntegerField()),
                    ('area', models.CharField(max_length=1)),
                ],
                options={
                    'indexes': [models.Index(fields=['shop_id', 'kind', 'key'], name='search_documents_of_shop')],
                    'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_document_once')],
                },
            ),
            migrations.CreateModel(
                name='Rebuild',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('shop_id', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=12)),
                    ('last_id', models.BigIntegerField(default=0)),
                    ('started_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop_id', 'kind'), name='search_rebuild_once')],
                },
            ),
            migrations.CreateModel(
                name='IndexedPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('part', models.CharField(choices=[('h', 'HEAD'), ('b', 'BODY'), ('i', 'INNER')], max_length=1)),
                    ('text', models.TextField(blank=True)),
                    ('words', models.TextField(blank=True)),
                    ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='search.indexeddocument')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('document', 'part'), name='search_part_once')],
                },
            ),
            migrations.CreateModel(
                name='Renewal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('shop_id', models.BigIntegerField(unique=True)),
                    ('key', models.BigIntegerField()),
                ],
            ),
        ]),
        migrations.RunPython(create, drop),
    ]
