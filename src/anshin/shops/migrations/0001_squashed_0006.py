"""What 0001 to 0006 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('shops', '0001_initial'),
        ('shops', '0002_one_index_each'),
        ('shops', '0003_handed_notices'),
        ('shops', '0004_needs_approval'),
        ('shops', '0005_tried'),
        ('shops', '0006_sessions_and_duty'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                    ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=80)),
                    ('language', models.CharField(default='ja', max_length=8)),
                    ('is_active', models.BooleanField(default=True)),
                    ('joined_at', models.DateTimeField(null=True)),
                    ('session_epoch', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('email',), name='shops_person_email_once')],
                },
            ),
            migrations.CreateModel(
                name='Shop',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=40)),
                    ('name', models.CharField(max_length=80)),
                    ('name_en', models.CharField(blank=True, max_length=80)),
                    ('contact_mail', models.EmailField(blank=True, max_length=254)),
                    ('zone', models.CharField(default='Asia/Tokyo', max_length=40)),
                    ('order_formats', models.JSONField(blank=True, default=list)),
                    ('reply_target_minutes', models.PositiveIntegerField(default=480)),
                    ('signature', models.TextField(blank=True)),
                    ('created_at', models.DateTimeField()),
                    ('second_factor_from', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('slug',), name='shops_shop_slug_once')],
                },
            ),
            migrations.CreateModel(
                name='OpeningHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('weekday', models.PositiveSmallIntegerField()),
                    ('opens', models.TimeField()),
                    ('closes', models.TimeField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'weekday'), name='shops_hours_once_a_day'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='shops_hours_weekday'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='shops_hours_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('agent', 'Agent'), ('warehouse', 'Warehouse')], max_length=20)),
                    ('signature', models.TextField(blank=True)),
                    ('is_active', models.BooleanField(default=True)),
                    ('created_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='shops.shop')),
                    ('needs_approval', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'person'), name='shops_membership_once'), models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'manager', 'agent', 'warehouse'])), name='shops_membership_known_role')],
                },
            ),
            migrations.CreateModel(
                name='Holiday',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'on'), name='shops_holiday_once')],
                },
            ),
            migrations.CreateModel(
                name='HandedNotice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=40)),
                    ('handed_at', models.DateTimeField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'key'), name='shops_notice_once')],
                },
            ),
            migrations.CreateModel(
                name='Tried',
                fields=[
                    ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                    ('value', models.TextField()),
                    ('expires', models.DateTimeField(db_index=True)),
                ],
            ),
            migrations.CreateModel(
                name='KnownDevice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64)),
                    ('first_at', models.DateTimeField()),
                    ('last_at', models.DateTimeField()),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'digest'), name='shops_device_once')],
                },
            ),
            migrations.CreateModel(
                name='OpenSession',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=40)),
                    ('agent', models.CharField(max_length=300)),
                    ('network', models.CharField(max_length=45)),
                    ('began_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField()),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['person', 'seen_at'], name='shops_session_of')],
                    'constraints': [models.UniqueConstraint(fields=('key',), name='shops_session_once')],
                },
            ),
        ]),
    ]
