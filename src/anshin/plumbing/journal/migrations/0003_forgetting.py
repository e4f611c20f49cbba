"""The triggers let one change through: a customer who is erased loses the name, and a mail server's words about them go."""

from django.db import migrations

_WORDS = "Journal entries are never changed."
_SAME = ("id", "shop_id", "at", "actor_kind", "actor_id", "event", "case_id", "order_id")
_NAME = "(NEW.actor_name = OLD.actor_name OR (OLD.actor_kind = 'customer' AND NEW.actor_name = ''))"
_PAYLOAD = "(NEW.payload = OLD.payload OR OLD.event = 'case.delivery_changed')"


def _allowed(same):
    return " AND ".join([*(f"NEW.{column} {same} OLD.{column}" for column in _SAME), _NAME, _PAYLOAD])


_SQLITE = [
    "DROP TRIGGER journal_append_only",
    "CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal_journalentry"
    f" WHEN NOT ({_allowed('IS')}) BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
]
_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'UPDATE' THEN IF {_allowed('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF;"
    f" RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
]


def change(apps, schema_editor):
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
