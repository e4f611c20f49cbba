"""What 0001 to 0004 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('visits', '0001_initial'),
        ('visits', '0002_returndraft_draftphoto_and_more'),
        ('visits', '0003_remindersetting_reminder'),
        ('visits', '0004_parts_of_requests'),
    ]

    initial = True

    dependencies = [
        ('commerce', '0010_refunds_being_asked'),
        ('files', '0002_one_index_each'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='HandOverKey',
                fields=[
                    ('shop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='shops.shop')),
                    ('sealed', models.CharField(max_length=400)),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='CodeRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('handle_key', models.CharField(max_length=64)),
                    ('number', models.CharField(blank=True, max_length=80)),
                    ('contact', models.CharField(blank=True, max_length=320)),
                    ('order_key', models.CharField(max_length=64)),
                    ('contact_key', models.CharField(max_length=64)),
                    ('visitor_key', models.CharField(max_length=64)),
                    ('language', models.CharField(max_length=8)),
                    ('asked_at', models.DateTimeField()),
                    ('ready_at', models.DateTimeField(null=True)),
                    ('code_key', models.CharField(blank=True, max_length=64)),
                    ('handed_at', models.DateTimeField(null=True)),
                    ('tries', models.PositiveIntegerField(default=0)),
                    ('used_at', models.DateTimeField(null=True)),
                    ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.customer')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'order_key', 'asked_at'], name='visits_request_order'), models.Index(fields=['shop', 'contact_key', 'asked_at'], name='visits_request_contact'), models.Index(fields=['shop', 'visitor_key', 'asked_at'], name='visits_request_visitor'), models.Index(fields=['asked_at'], name='visits_request_asked')],
                    'constraints': [models.UniqueConstraint(fields=('handle_key',), name='visits_handle_once')],
                },
            ),
            migrations.CreateModel(
                name='UsedHandOver',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nonce_key', models.CharField(max_length=64)),
                    ('ends_at', models.DateTimeField(db_index=True)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'nonce_key'), name='visits_nonce_once')],
                },
            ),
            migrations.CreateModel(
                name='Visit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token_key', models.CharField(max_length=64)),
                    ('came_by', models.CharField(choices=[('code', 'Code by mail'), ('hand_over', 'Signed in at the shop’s own site')], max_length=12)),
                    ('began_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.customer')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['seen_at'], name='visits_visit_seen')],
                    'constraints': [models.UniqueConstraint(fields=('token_key',), name='visits_token_once')],
                },
            ),
            migrations.CreateModel(
                name='ReturnDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nonce', models.CharField(max_length=40)),
                    ('words', models.TextField(blank=True)),
                    ('began_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('return_number', models.PositiveIntegerField(null=True)),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.customer')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.order')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('told', models.JSONField(default=list)),
                    ('has_own_reasons', models.BooleanField(default=False)),
                    ('has_own_wishes', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [models.Index(fields=['changed_at'], name='visits_draft_changed')],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'nonce'), name='visits_draft_once')],
                },
            ),
            migrations.CreateModel(
                name='DraftPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('at', models.DateTimeField()),
                    ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('draft', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='visits.returndraft')),
                    ('part', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('draft', 'part', 'blob'), name='visits_draft_photo_once')],
                },
            ),
            migrations.CreateModel(
                name='ReminderSetting',
                fields=[
                    ('shop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='shops.shop')),
                    ('is_on', models.BooleanField(default=False)),
                    ('days', models.PositiveSmallIntegerField(default=3)),
                ],
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('until', models.DateField()),
                    ('language', models.CharField(max_length=8)),
                    ('written_at', models.DateTimeField()),
                    ('handed_at', models.DateTimeField(null=True)),
                    ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.customer')),
                    ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.order')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
            ),
        ]),
    ]
