import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0020_plainer_troubles"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["mailbox", "dedupe_key"], name="email_arrival_by_key"),
        ),
        migrations.AlterField(
            model_name="arrival",
            name="mailbox",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="arrivals",
                to="email.mailbox",
            ),
        ),
    ]
