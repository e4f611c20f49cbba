"""What 0001 to 0004 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('routing', '0001_rules'),
        ('routing', '0002_answers_and_handovers'),
        ('routing', '0003_escalations'),
        ('routing', '0004_escalation_paths'),
    ]

    initial = True

    dependencies = [
        ('cases', '0025_desk_channel'),
        ('shops', '0006_sessions_and_duty'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Skill',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=10)),
                    ('value', models.CharField(max_length=40)),
                    ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'kind', 'value'], name='routing_skills')],
                    'constraints': [models.UniqueConstraint(fields=('member', 'kind', 'value'), name='routing_skill_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['language', 'topics', 'word'])), name='routing_skill_kind')],
                },
            ),
            migrations.CreateModel(
                name='Attendance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('away_since_at', models.DateTimeField(null=True)),
                    ('away_until_at', models.DateTimeField(null=True)),
                    ('is_on_call', models.BooleanField(default=False)),
                    ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop'], name='routing_attendance_shop')],
                },
            ),
            migrations.CreateModel(
                name='Handover',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('text', models.TextField()),
                    ('written_at', models.DateTimeField()),
                    ('done_at', models.DateTimeField(null=True)),
                    ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('receiver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'on', '-id'], name='routing_handovers_of_day'), models.Index(condition=models.Q(('done_at__isnull', True)), fields=['shop', '-id'], name='routing_handovers_left')],
                },
            ),
            migrations.CreateModel(
                name='HandoverRead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('handover', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='routing.handover')),
                    ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('handover', 'member'), name='routing_handover_read_once')],
                },
            ),
            migrations.CreateModel(
                name='NightCall',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
            ),
            migrations.CreateModel(
                name='AnswerText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('language', models.CharField(max_length=8)),
                    ('subject', models.CharField(max_length=200)),
                    ('text', models.TextField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'language'), name='routing_answer_text_once')],
                },
            ),
            migrations.CreateModel(
                name='Escalation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule_name', models.CharField(blank=True, max_length=80)),
                    ('reason', models.CharField(max_length=1000)),
                    ('summary', models.JSONField(default=dict)),
                    ('asked_at', models.DateTimeField()),
                    ('answer_by_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'Waiting for an answer'), ('accepted', 'Taken on'), ('given_back', 'Given back')], default='open', max_length=12)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, max_length=1000)),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('moment', models.CharField(blank=True, max_length=12)),
                ],
                options={
                    'indexes': [models.Index(fields=['case', '-id'], name='routing_escalations_of_case'), models.Index(fields=['shop', 'state', 'answer_by_at', 'id'], name='routing_escalations')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case',), name='routing_one_open_escalation'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='routing_escalation_answered')],
                },
            ),
            migrations.CreateModel(
                name='EscalationPath',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(max_length=16)),
                    ('soon', models.CharField(max_length=20)),
                    ('overdue', models.CharField(max_length=20)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'channel'), name='routing_one_path_a_channel')],
                },
            ),
            migrations.CreateModel(
                name='PathRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('entry_id', models.BigIntegerField()),
                    ('moment', models.CharField(choices=[('due_soon', 'When an answer is due soon'), ('overdue', 'When an answer is overdue')], max_length=12)),
                    ('did', models.CharField(choices=[('told', 'Told'), ('put', 'Put before somebody'), ('listed', 'Stands in the list of what is due')], max_length=8)),
                    ('due_at', models.DateTimeField()),
                    ('at', models.DateTimeField()),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('receiver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['receiver', 'at'], name='routing_path_runs_of_member')],
                    'constraints': [models.UniqueConstraint(fields=('case', 'entry_id'), name='routing_path_run_once')],
                },
            ),
            migrations.CreateModel(
                name='Rule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('position', models.PositiveIntegerField(default=0)),
                    ('prepared', models.CharField(blank=True, max_length=40)),
                    ('live_since_at', models.DateTimeField(null=True)),
                    ('run_count', models.PositiveIntegerField(default=0)),
                    ('last_run_at', models.DateTimeField(null=True)),
                    ('made_at', models.DateTimeField()),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('live_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='routing.ruleversion')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'position', 'id'], name='routing_rule_order')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('prepared', ''), _negated=True), fields=('shop', 'prepared'), name='routing_prepared_once'), models.CheckConstraint(condition=models.Q(models.Q(('live_since_at__isnull', True), ('live_version__isnull', True)), models.Q(('live_since_at__isnull', False), ('live_version__isnull', False), ('removed_at__isnull', True)), _connector='OR'), name='routing_rule_live_since')],
                },
            ),
            migrations.CreateModel(
                name='RuleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('definition', models.JSONField()),
                    ('made_at', models.DateTimeField()),
                    ('tried_at', models.DateTimeField(null=True)),
                    ('tried_case_count', models.PositiveIntegerField(default=0)),
                    ('tried_hits', models.JSONField(default=list)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='routing.rule')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='routing_version_once')],
                },
            ),
            migrations.CreateModel(
                name='RuleRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('entry_id', models.BigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('did', models.JSONField(default=list)),
                    ('former_owner_id', models.BigIntegerField(null=True)),
                    ('owner_id', models.BigIntegerField(null=True)),
                    ('added_tags', models.JSONField(default=list)),
                    ('undone_at', models.DateTimeField(null=True)),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='routing.rule')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='routing.ruleversion')),
                ],
                options={
                    'indexes': [models.Index(fields=['rule', '-id'], name='routing_runs_of_rule'), models.Index(fields=['case'], name='routing_runs_of_case')],
                    'constraints': [models.UniqueConstraint(fields=('rule', 'case', 'entry_id'), name='routing_run_once')],
                },
            ),
        ]),
    ]
