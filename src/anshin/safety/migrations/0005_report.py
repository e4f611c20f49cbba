import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    dependencies = [
        ('safety', '0004_reminders'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables(
            operations=[
                migrations.CreateModel(
                    name='PageShow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on', models.DateField()),
                        ('first_at', models.DateTimeField()),
                        ('times', models.PositiveIntegerField(default=0)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shows', to='safety.advisory')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'on'), name='safety_shown_once_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='ScrapEstimate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('items', models.PositiveIntegerField()),
                        ('ground', models.CharField(max_length=300)),
                        ('at', models.DateTimeField()),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='estimates', to='safety.advisory')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['advisory', 'id'], name='safety_estimates')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ground', ''), _negated=True), name='safety_estimate_has_a_ground')],
                    },
                ),
            ],
        ),
    ]
