"""What 0001 to 0003 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

from django.db import migrations, models

from anshin.plumbing.tables import CreateTables

_WORDS = "Journal entries are never changed."
_SAME = ("id", "shop_id", "at", "actor_kind", "actor_id", "event", "case_id", "order_id")
_NAME = "(NEW.actor_name = OLD.actor_name OR (OLD.actor_kind = 'customer' AND NEW.actor_name = ''))"
_PAYLOAD = "(NEW.payload = OLD.payload OR OLD.event = 'case.delivery_changed')"


def _allowed(same):
    return " AND ".join([*(f"NEW.{column} {same} OLD.{column}" for column in _SAME), _NAME, _PAYLOAD])


_SQLITE = [
    "CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal_journalentry"
    f" WHEN NOT ({_allowed('IS')}) BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
]
_POSTGRESQL = [
    "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    f" IF TG_OP = 'UPDATE' THEN IF {_allowed('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF;"
    f" RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal_journalentry"
    " FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
]


def add_triggers(apps, schema_editor):
    """Why they are as they are: 0002_append_only and 0003_forgetting."""
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def remove_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_append_only ON journal_journalentry")
        schema_editor.execute("DROP FUNCTION journal_refuse()")
    else:
        schema_editor.execute("DROP TRIGGER journal_append_only")


class Migration(migrations.Migration):

    replaces = [
        ('journal', '0001_initial'),
        ('journal', '0002_append_only'),
        ('journal', '0003_forgetting'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='JournalEntry',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('shop_id', models.BigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('actor_kind', models.CharField(max_length=10)),
                    ('actor_id', models.BigIntegerField(null=True)),
                    ('actor_name', models.CharField(max_length=200)),
                    ('event', models.CharField(max_length=80)),
                    ('payload', models.JSONField(default=dict)),
                    ('case_id', models.BigIntegerField(null=True)),
                    ('order_id', models.BigIntegerField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['shop_id', 'id'], name='journal_by_shop'), models.Index(fields=['shop_id', 'case_id', 'id'], name='journal_by_case'), models.Index(condition=models.Q(('order_id__isnull', False)), fields=['shop_id', 'order_id', 'id'], name='journal_by_order'), models.Index(fields=['shop_id', 'event', 'id'], name='journal_by_event')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('actor_kind__in', ['staff', 'customer', 'system'])), name='journal_actor_kind_known')],
                },
            ),
            migrations.CreateModel(
                name='ReactionCursor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reaction', models.CharField(max_length=80)),
                    ('shop_id', models.BigIntegerField()),
                    ('last_entry_id', models.BigIntegerField()),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('stuck_at', models.DateTimeField(null=True)),
                    ('stuck_words', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'indexes': [models.Index(fields=['shop_id', 'stuck_at'], name='journal_stuck')],
                    'constraints': [models.UniqueConstraint(fields=('reaction', 'shop_id'), name='journal_one_cursor_per_reaction_and_shop')],
                },
            ),
        ]),
        migrations.RunPython(add_triggers, remove_triggers),
    ]
