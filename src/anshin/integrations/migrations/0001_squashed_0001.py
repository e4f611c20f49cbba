"""What 0001 to 0001 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('integrations', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('shops', '0006_sessions_and_duty'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='ApiKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('prefix', models.CharField(max_length=12)),
                    ('digest', models.CharField(max_length=64)),
                    ('scopes', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('last_used_at', models.DateTimeField(null=True)),
                    ('window_began_at', models.DateTimeField(null=True)),
                    ('window_count', models.PositiveIntegerField(default=0)),
                    ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', '-id'], name='integrations_key_list'), models.Index(fields=['member'], name='integrations_key_of_member')],
                    'constraints': [models.UniqueConstraint(fields=('prefix',), name='integrations_key_prefix_once')],
                },
            ),
            migrations.CreateModel(
                name='KeptAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('word', models.CharField(max_length=255)),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('token', models.CharField(max_length=32)),
                    ('begun_at', models.DateTimeField()),
                    ('lease_until', models.DateTimeField()),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('content_type', models.CharField(blank=True, max_length=80)),
                    ('body', models.TextField(blank=True)),
                    ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.apikey')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['begun_at'], name='integrations_answer_age')],
                    'constraints': [models.UniqueConstraint(fields=('key', 'word'), name='integrations_answer_once')],
                },
            ),
            migrations.CreateModel(
                name='Telling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('entry_id', models.BigIntegerField(null=True)),
                    ('key', models.CharField(max_length=40)),
                    ('type', models.CharField(max_length=40)),
                    ('at', models.DateTimeField()),
                    ('body', models.TextField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'at', 'id'], name='integrations_telling_list'), models.Index(fields=['at'], name='integrations_telling_age')],
                    'constraints': [models.UniqueConstraint(fields=('key',), name='integrations_telling_key_once'), models.UniqueConstraint(condition=models.Q(('entry_id__isnull', False)), fields=('shop', 'entry_id'), name='integrations_telling_entry_once')],
                },
            ),
            migrations.CreateModel(
                name='Webhook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('url', models.CharField(max_length=500)),
                    ('types', models.JSONField(default=list)),
                    ('state', models.CharField(choices=[('active', 'Is told'), ('paused', 'Paused'), ('stopped', 'Stopped: it did not answer')], default='active', max_length=10)),
                    ('secret', models.CharField(max_length=300)),
                    ('former_secret', models.CharField(blank=True, max_length=300)),
                    ('former_until_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('failing_since_at', models.DateTimeField(null=True)),
                    ('failures', models.PositiveSmallIntegerField(default=0)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'id'], name='integrations_webhook_list')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'stopped'])), name='integrations_webhook_state'), models.CheckConstraint(condition=models.Q(models.Q(('former_secret', ''), ('former_until_at__isnull', True)), models.Q(models.Q(('former_secret', ''), _negated=True), ('former_until_at__isnull', False)), _connector='OR'), name='integrations_webhook_former')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('waiting', 'Is about to leave'), ('held', 'Waits for you'), ('delivered', 'Delivered'), ('failed', 'Given up')], max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('delivered_at', models.DateTimeField(null=True)),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('telling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.telling')),
                    ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.webhook')),
                ],
                options={
                    'indexes': [models.Index(fields=['webhook', '-id'], name='integrations_delivery_list'), models.Index(condition=models.Q(('state', 'delivered'), _negated=True), fields=['webhook', 'state', 'id'], name='integrations_delivery_open')],
                    'constraints': [models.UniqueConstraint(fields=('webhook', 'telling'), name='integrations_delivery_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'held', 'delivered', 'failed'])), name='integrations_delivery_state')],
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('failing', models.CharField(blank=True, choices=[('status', 'It answered, but not with success'), ('slow', 'It did not answer in time'), ('unreachable', 'It cannot be reached'), ('certificate', 'Its certificate is not valid'), ('forbidden', 'The address is not open to everybody')], max_length=12)),
                    ('took_ms', models.PositiveIntegerField()),
                    ('said', models.CharField(blank=True, max_length=500)),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('delivery', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='integrations.delivery')),
                ],
                options={
                    'indexes': [models.Index(fields=['delivery', 'id'], name='integrations_attempt_list')],
                },
            ),
        ]),
    ]
