"""What 0001 to 0002 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('replies', '0001_initial'),
        ('replies', '0002_macro_snooze_days_macro_steps_plainword_promise'),
    ]

    initial = True

    dependencies = [
        ('cases', '0021_alter_case_channel_alter_message_channel_and_more'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Macro',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('search_key', models.CharField(blank=True, max_length=1000)),
                    ('topics', models.JSONField(blank=True, default=list)),
                    ('topic_place', models.PositiveSmallIntegerField(default=0)),
                    ('texts', models.JSONField(default=dict)),
                    ('closes_with', models.CharField(blank=True, choices=[('answered', 'Answered the question'), ('order_changed', 'Changed or cancelled the order'), ('replaced', 'Sent a replacement or exchanged'), ('refunded', 'Refunded'), ('declined', 'Explained why it is not possible'), ('no_reply', 'The customer did not write again'), ('duplicate', 'Merged into another case'), ('not_a_case', 'No answer needed')], max_length=20)),
                    ('adds_tags', models.JSONField(blank=True, default=list)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('start_key', models.CharField(blank=True, max_length=60)),
                    ('archived_at', models.DateTimeField(null=True)),
                    ('changed_at', models.DateTimeField()),
                    ('sent_count', models.PositiveIntegerField(default=0)),
                    ('unchanged_count', models.PositiveIntegerField(default=0)),
                    ('settled_count', models.PositiveIntegerField(default=0)),
                    ('answered_count', models.PositiveIntegerField(default=0)),
                    ('closed_count', models.PositiveIntegerField(default=0)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('snooze_days', models.PositiveSmallIntegerField(default=0)),
                    ('steps', models.JSONField(blank=True, default=list)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['shop', 'topic_place', 'name', 'id'], name='replies_macro_list'), models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['shop', 'topic_place', 'name', 'id'], name='replies_macro_archive')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('start_key', ''), _negated=True), fields=('shop', 'start_key'), name='replies_start_macro_once'), models.CheckConstraint(condition=models.Q(('unchanged_count__lte', models.F('sent_count'))), name='replies_unchanged_were_sent')],
                },
            ),
            migrations.CreateModel(
                name='MacroUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField()),
                    ('language', models.CharField(max_length=8)),
                    ('at', models.DateTimeField()),
                    ('was_unchanged', models.BooleanField(default=False)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('macro', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='replies.macro')),
                    ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.message')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['at'], name='replies_use_unsettled')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('message__isnull', True)), fields=('case', 'by', 'macro'), name='replies_one_open_use')],
                },
            ),
            migrations.CreateModel(
                name='MacroVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('content', models.JSONField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('macro', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='replies.macro')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('macro', 'number'), name='replies_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Phrase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('search_key', models.CharField(blank=True, max_length=1000)),
                    ('text', models.TextField()),
                    ('changed_at', models.DateTimeField()),
                    ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['author', 'name', 'id'], name='replies_phrase_list')],
                },
            ),
            migrations.CreateModel(
                name='PlainWord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('word', models.CharField(max_length=60)),
                    ('key', models.CharField(max_length=60)),
                    ('plain', models.CharField(blank=True, max_length=120)),
                    ('language', models.CharField(choices=[('ja', 'Japanese'), ('en', 'English'), ('zh-Hans', 'Chinese, simplified'), ('zh-Hant', 'Chinese, traditional'), ('ko', 'Korean')], default='ja', max_length=8)),
                    ('changed_at', models.DateTimeField()),
                    ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'language', 'key'), name='replies_plain_word_once')],
                },
            ),
            migrations.CreateModel(
                name='Promise',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=16)),
                    ('quote', models.CharField(blank=True, max_length=300)),
                    ('made_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('kept', 'Kept'), ('late', 'Kept late'), ('dropped', 'Dropped')], default='open', max_length=8)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('told_late_at', models.DateTimeField(null=True)),
                    ('check_at', models.DateTimeField(null=True)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('kept_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.message')),
                    ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.message')),
                    ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['shop', 'due_at', 'id'], name='replies_promise_open'), models.Index(fields=['shop', 'settled_at'], name='replies_promise_settled'), models.Index(condition=models.Q(('check_at__isnull', False)), fields=['check_at'], name='replies_promise_check')],
                    'constraints': [models.UniqueConstraint(fields=('message', 'key'), name='replies_promise_once'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('settled_at__isnull', False), _connector='OR'), name='replies_promise_settled_at')],
                },
            ),
        ]),
    ]
