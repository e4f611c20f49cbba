"""A token for the short stretch of time stands beside that for the long one. Documents that PostgreSQL has already get
it by and by: see renewing.py.
"""

from django.db import migrations, models

from anshin.plumbing.tables import CreateTables

BEHIND_ALL = 2**62


def remember_shops(apps, schema_editor):
    """Every shop with documents has them all to be renewed."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "INSERT INTO search_renewal (shop_id, key)"
            f" SELECT DISTINCT shop_id, {BEHIND_ALL} FROM search_indexeddocument"
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0003_newest_by_tokens")]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name="Renewal",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("shop_id", models.BigIntegerField(unique=True)),
                    ("key", models.BigIntegerField()),
                ],
            ),
        ]),
        migrations.RunPython(remember_shops, migrations.RunPython.noop),
    ]
