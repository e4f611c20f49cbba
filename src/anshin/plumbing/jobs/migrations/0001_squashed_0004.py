"""What 0001 to 0004 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('jobs', '0001_initial'),
        ('jobs', '0002_told_at'),
        ('jobs', '0003_restore_hold'),
        ('jobs', '0004_mark'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='TimetableMark',
                fields=[
                    ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                    ('slot_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('queue', models.CharField(max_length=32)),
                    ('task', models.CharField(max_length=200)),
                    ('args', models.JSONField(default=list)),
                    ('kwargs', models.JSONField(default=dict)),
                    ('priority', models.SmallIntegerField(default=0)),
                    ('shop_id', models.BigIntegerField(null=True)),
                    ('unique_key', models.CharField(blank=True, default='', max_length=200)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('stuck', 'Stuck'), ('done', 'Done'), ('dropped', 'Dropped')], default='waiting', max_length=8)),
                    ('run_at', models.DateTimeField()),
                    ('attempts', models.PositiveIntegerField(default=0)),
                    ('deaths', models.PositiveIntegerField(default=0)),
                    ('claimed_by', models.CharField(blank=True, default='', max_length=120)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('last_error_code', models.CharField(blank=True, default='', max_length=64)),
                    ('last_error_words', models.TextField(blank=True, default='')),
                    ('enqueued_at', models.DateTimeField()),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('is_by_clock', models.BooleanField(default=False)),
                    ('mark', models.CharField(blank=True, db_default='', default='', max_length=64)),
                ],
                options={
                    'indexes': [models.Index(models.OrderBy(models.F('priority'), descending=True), models.F('run_at'), models.F('id'), condition=models.Q(('state', 'waiting')), name='jobs_next_to_claim'), models.Index(condition=models.Q(('state', 'waiting')), fields=['run_at'], name='jobs_next_due'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='jobs_leases'), models.Index(fields=['state', 'id'], name='jobs_by_state')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting'), models.Q(('unique_key', ''), _negated=True)), fields=('unique_key',), name='jobs_one_waiting_job_per_key'), models.UniqueConstraint(condition=models.Q(('state', 'running'), models.Q(('unique_key', ''), _negated=True)), fields=('unique_key',), name='jobs_one_running_job_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='jobs_running_means_leased')],
                },
            ),
            migrations.CreateModel(
                name='RestoreHold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('shop_id', models.BigIntegerField()),
                    ('backup_at', models.DateTimeField()),
                    ('restored_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by', models.CharField(blank=True, default='', max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('shop_id',), name='jobs_one_open_hold_per_shop')],
                },
            ),
        ]),
    ]
