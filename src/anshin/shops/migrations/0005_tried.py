from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Tried',
                fields=[
                    ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                    ('value', models.TextField()),
                    ('expires', models.DateTimeField(db_index=True)),
                ],
            ),
        ]),
    ]
