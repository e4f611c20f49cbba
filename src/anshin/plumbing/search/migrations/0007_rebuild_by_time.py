"""Building the index anew goes from the oldest document to the newest. What was broken off before begins again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0006_word_by_word")]

    operations = [migrations.AddField("rebuild", "last_at", models.DateTimeField(null=True))]
