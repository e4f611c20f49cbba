"""A job names the request that began it. The database fills it in for processes of the version before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("jobs", "0003_restore_hold")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="mark",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
