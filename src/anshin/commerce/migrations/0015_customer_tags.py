from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("commerce", "0014_lines_without_product"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="tags",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
