from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_sender_checks'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='cards',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
