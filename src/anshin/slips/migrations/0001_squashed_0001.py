"""What 0001 to 0001 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('slips', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('cases', '0021_alter_case_channel_alter_message_channel_and_more'),
        ('files', '0002_one_index_each'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='CarrierAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('format', models.CharField(max_length=10)),
                    ('name', models.CharField(max_length=80)),
                    ('customer_code', models.CharField(blank=True, max_length=12)),
                    ('freight_number', models.CharField(blank=True, max_length=2)),
                    ('slip_kind', models.CharField(blank=True, max_length=20)),
                    ('sender_name', models.CharField(blank=True, max_length=200)),
                    ('sender_postcode', models.CharField(blank=True, max_length=16)),
                    ('sender_lines', models.CharField(blank=True, max_length=400)),
                    ('sender_phone', models.CharField(blank=True, max_length=40)),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'format', 'id'], name='slips_accounts')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('shop', 'name'), name='slips_account_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('format', ''), _negated=True)), name='slips_account_named')],
                },
            ),
            migrations.CreateModel(
                name='NumberFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200)),
                    ('format_name', models.CharField(blank=True, max_length=40)),
                    ('carrier', models.CharField(blank=True, choices=[('yamato', 'Yamato'), ('sagawa', 'Sagawa'), ('japan_post', 'Japan Post'), ('other', 'Other')], max_length=20)),
                    ('refusal', models.CharField(blank=True, max_length=400)),
                    ('row_count', models.PositiveIntegerField(default=0)),
                    ('landed_count', models.PositiveIntegerField(default=0)),
                    ('look_count', models.PositiveIntegerField(default=0)),
                    ('read_at', models.DateTimeField()),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', '-id'], name='slips_numbers'), models.Index(condition=models.Q(('file__isnull', False)), fields=['read_at'], name='slips_numbers_kept')],
                },
            ),
            migrations.CreateModel(
                name='NumberRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row', models.PositiveIntegerField()),
                    ('number', models.CharField(blank=True, max_length=80)),
                    ('tracking_number', models.CharField(blank=True, max_length=40)),
                    ('outcome', models.CharField(choices=[('landed', 'Written down at its parcel'), ('changed', 'Written down in place of the former number'), ('same', 'Known already'), ('empty', 'No number yet: the slip is not printed'), ('spoilt', 'A spreadsheet has spoilt the number: save the carrier’s file again without opening it'), ('wrong_digit', 'The check digit does not fit: compare the number with the slip'), ('other_carrier', 'Not the shape of this carrier’s numbers'), ('twice', 'The file has this parcel twice, with different numbers'), ('taken', 'Another parcel has this number already'), ('has_left', 'The parcel has left already under another number, which stays'), ('order', 'An order’s own parcel: its number comes with the order file'), ('foreign', 'None of this shop’s parcels has this number')], max_length=14)),
                    ('other', models.CharField(blank=True, max_length=80)),
                    ('kind', models.CharField(blank=True, choices=[('reshipment', 'Sent again'), ('pick_up', 'Fetched by the carrier'), ('return', 'Sent back at our cost')], max_length=12)),
                    ('number_file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='slips.numberfile')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('number_file', 'row'), name='slips_number_row_once')],
                },
            ),
            migrations.CreateModel(
                name='ParcelAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reshipment', 'Sent again'), ('pick_up', 'Fetched by the carrier'), ('return', 'Sent back at our cost')], max_length=12)),
                    ('parcel_id', models.PositiveBigIntegerField()),
                    ('name', models.CharField(max_length=200)),
                    ('postcode', models.CharField(max_length=16)),
                    ('lines', models.CharField(max_length=400)),
                    ('phone', models.CharField(max_length=40)),
                    ('mended_at', models.DateTimeField()),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('mended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'kind', 'parcel_id'), name='slips_address_once')],
                },
            ),
            migrations.CreateModel(
                name='SlipFileWritten',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nonce', models.CharField(max_length=40)),
                    ('format_name', models.CharField(max_length=40)),
                    ('carrier', models.CharField(choices=[('yamato', 'Yamato'), ('sagawa', 'Sagawa'), ('japan_post', 'Japan Post'), ('other', 'Other')], max_length=20)),
                    ('ship_on', models.DateField()),
                    ('file_name', models.CharField(max_length=80)),
                    ('media_type', models.CharField(max_length=60)),
                    ('warnings', models.JSONField(default=list)),
                    ('made_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='slips.carrieraccount')),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', '-id'], name='slips_files'), models.Index(condition=models.Q(('file__isnull', False)), fields=['made_at'], name='slips_files_kept')],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'nonce'), name='slips_file_once')],
                },
            ),
            migrations.CreateModel(
                name='SlipFileRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('reshipment', 'Sent again'), ('pick_up', 'Fetched by the carrier'), ('return', 'Sent back at our cost')], max_length=12)),
                    ('parcel_id', models.PositiveBigIntegerField()),
                    ('number', models.CharField(max_length=15)),
                    ('tracking_number', models.CharField(blank=True, max_length=40)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('written', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='slips.slipfilewritten')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'kind', 'parcel_id'], name='slips_rows_of_parcel')],
                    'constraints': [models.UniqueConstraint(fields=('written', 'number'), name='slips_row_once')],
                },
            ),
            migrations.CreateModel(
                name='SlipDownload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by_name', models.CharField(max_length=200)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('written', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to='slips.slipfilewritten')),
                ],
            ),
        ]),
    ]
