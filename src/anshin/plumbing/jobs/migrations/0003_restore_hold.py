"""What the clock begins after a restore waits for a person."""

from django.db import migrations, models
from django.db.models import Q

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [("jobs", "0002_told_at")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="is_by_clock",
            field=models.BooleanField(default=False),
        ),
        CreateTables([
            migrations.CreateModel(
                name="RestoreHold",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("shop_id", models.BigIntegerField()),
                    ("backup_at", models.DateTimeField()),
                    ("restored_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("ended_by", models.CharField(blank=True, default="", max_length=200)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=Q(ended_at__isnull=True), fields=("shop_id",), name="jobs_one_open_hold_per_shop"
                        )
                    ],
                },
            ),
        ]),
    ]
