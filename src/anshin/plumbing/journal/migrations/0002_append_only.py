"""Triggers that refuse changes of journal entries.

Deleting is refused by a trigger on PostgreSQL only: on SQLite, emptying the tables between tests is a DELETE, too.
"""

from django.db import migrations

_WORDS = "Journal entries are never changed."

_SQLITE = [
    "CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal_journalentry"
    f" BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
]
_POSTGRESQL = [
    "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
    f" BEGIN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal_journalentry"
    " FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
]


def add(apps, schema_editor):
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_append_only ON journal_journalentry")
        schema_editor.execute("DROP FUNCTION journal_refuse()")
    else:
        schema_editor.execute("DROP TRIGGER journal_append_only")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
