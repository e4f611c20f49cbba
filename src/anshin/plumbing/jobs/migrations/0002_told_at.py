"""When word of a job was last given to a broker."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
    ]
