"""What 0001 comes to, in one step: for an empty database. See docs/decisions/0021-squashed-migrations.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('replies', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('cases', '0014_topics'),
        ('shops', '0003_handed_notices'),
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
        ]),
    ]
