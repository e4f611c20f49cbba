import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0025_desk_channel'),
        ('commerce', '0018_stock'),
        ('shops', '0007_limited_agent'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Reveal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('until_at', models.DateTimeField()),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.customer')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['case', 'member', '-until_at'], name='cases_reveal_now')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('at'))), name='cases_reveal_ends')],
                },
            ),
        ]),
    ]
