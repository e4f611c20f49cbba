"""What 0001 to 0002 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('files', '0001_initial'),
        ('files', '0002_one_index_each'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Blob',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('shop_id', models.BigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('size_bytes', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=100)),
                    ('created_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['sha256'], name='files_by_content')],
                    'constraints': [models.UniqueConstraint(fields=('shop_id', 'sha256'), name='files_once_per_shop'), models.CheckConstraint(condition=models.Q(('size_bytes__gte', 0)), name='files_size_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='Thumbnail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('longest_side_px', models.PositiveSmallIntegerField()),
                    ('created_at', models.DateTimeField()),
                    ('blob', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='files.blob')),
                    ('made', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='files.blob')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('blob', 'longest_side_px'), name='files_one_thumbnail_per_size')],
                },
            ),
        ]),
    ]
