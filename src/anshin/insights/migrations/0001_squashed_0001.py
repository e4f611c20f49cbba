"""What 0001 to 0001 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('insights', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('files', '0002_one_index_each'),
        ('shops', '0006_sessions_and_duty'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='LedgerFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200)),
                    ('refusal', models.CharField(blank=True, max_length=400)),
                    ('row_count', models.PositiveIntegerField(default=0)),
                    ('taken_count', models.PositiveIntegerField(default=0)),
                    ('known_count', models.PositiveIntegerField(default=0)),
                    ('refused_count', models.PositiveIntegerField(default=0)),
                    ('read_at', models.DateTimeField()),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', '-id'], name='insights_ledgers')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('refusal', '')), fields=('shop', 'file'), name='insights_ledger_once')],
                },
            ),
            migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reference', models.CharField(blank=True, max_length=40)),
                    ('received_on', models.DateField()),
                    ('requester', models.CharField(choices=[('member', 'Member'), ('non_member', 'Not a member')], max_length=12)),
                    ('branch', models.CharField(choices=[('customers', 'Dealing with customers'), ('other', 'Everything else')], max_length=12)),
                    ('category', models.CharField(max_length=80)),
                    ('count', models.PositiveIntegerField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='insights.ledgerfile')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'received_on'], name='insights_by_day')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('shop', 'reference'), name='insights_reference_once'), models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='insights_counted'), models.CheckConstraint(condition=models.Q(('category', ''), _negated=True), name='insights_category_named'), models.CheckConstraint(condition=models.Q(('requester__in', ['member', 'non_member'])), name='insights_requester'), models.CheckConstraint(condition=models.Q(('branch__in', ['customers', 'other'])), name='insights_branch')],
                },
            ),
            migrations.CreateModel(
                name='LedgerGap',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row', models.PositiveIntegerField()),
                    ('reason', models.CharField(max_length=300)),
                    ('cells', models.CharField(blank=True, max_length=400)),
                    ('ledger', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='insights.ledgerfile')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('ledger', 'row'), name='insights_gap_once')],
                },
            ),
            migrations.CreateModel(
                name='Occasion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('happened_on', models.DateField()),
                    ('kind', models.CharField(choices=[('law', 'Law in force'), ('campaign', 'Campaign'), ('disaster', 'Disaster'), ('other', 'Something else')], max_length=10)),
                    ('title', models.CharField(max_length=80)),
                    ('noted_at', models.DateTimeField()),
                    ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'happened_on', 'title'), name='insights_occasion_once'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='insights_occasion_named')],
                },
            ),
        ]),
    ]
