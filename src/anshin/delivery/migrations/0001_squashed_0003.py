"""What 0001 to 0003 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('delivery', '0001_initial'),
        ('delivery', '0002_alter_trouble_kind'),
        ('delivery', '0003_packing_files'),
    ]

    initial = True

    dependencies = [
        ('cases', '0020_later_replies_and_former_drafts'),
        ('commerce', '0013_bank_replies'),
        ('files', '0002_one_index_each'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='TroubleNumbering',
                fields=[
                    ('shop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='shops.shop')),
                    ('last_number', models.PositiveIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='Trouble',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('wrong_item', 'Another item arrived'), ('damaged', 'It arrived broken'), ('missing_part', 'Something is missing'), ('not_arrived', 'Nothing arrived'), ('exchange', 'Exchange')], max_length=12)),
                    ('state', models.CharField(choices=[('looking', 'Find out whose doing it was'), ('arranging', 'Being put right'), ('settled', 'Settled')], default='looking', max_length=10)),
                    ('sku', models.CharField(blank=True, max_length=80)),
                    ('name', models.CharField(max_length=300)),
                    ('variant', models.CharField(blank=True, max_length=200)),
                    ('quantity', models.PositiveIntegerField(default=1)),
                    ('said', models.TextField(blank=True)),
                    ('arrived_as', models.CharField(choices=[('not_told', 'Not known yet'), ('as_ordered', 'What was ordered'), ('other_item', 'Another item'), ('broken', 'The item, broken'), ('incomplete', 'The item, not complete')], default='not_told', max_length=10)),
                    ('arrived_words', models.CharField(blank=True, max_length=300)),
                    ('box', models.CharField(choices=[('not_told', 'Not known yet'), ('sound', 'The box is sound'), ('damaged', 'The box is crushed, wet or torn'), ('opened', 'The box was opened before')], default='not_told', max_length=10)),
                    ('page_differs', models.BooleanField(default=False)),
                    ('fault', models.CharField(blank=True, choices=[('shop', 'Shop'), ('customer', 'Customer'), ('carrier', 'Carrier'), ('marketplace', 'Marketplace'), ('unknown', 'Not known')], max_length=12)),
                    ('fault_at', models.DateTimeField(null=True)),
                    ('key', models.CharField(blank=True, max_length=60)),
                    ('created_at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                    ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='commerce.orderline')),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.order')),
                    ('reported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['case'], name='delivery_of_case'), models.Index(fields=['order'], name='delivery_of_order'), models.Index(fields=['shop', 'state', '-created_at', '-id'], name='delivery_list')],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'number'), name='delivery_number_once'), models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('shop', 'key'), name='delivery_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('fault', ''), ('fault_at__isnull', True)), models.Q(models.Q(('fault', ''), _negated=True), ('fault_at__isnull', False)), _connector='OR'), name='delivery_fault_has_moment'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'looking'), ('fault', '')), models.Q(models.Q(('state', 'looking'), _negated=True), models.Q(('fault', ''), _negated=True)), _connector='OR'), name='delivery_looking_without_fault'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='delivery_quantity_positive')],
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('words', models.CharField(max_length=500)),
                    ('amount_yen', models.PositiveIntegerField()),
                    ('agreed_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.message')),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('trouble', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='delivery.trouble')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('trouble', 'message'), name='delivery_consent_once')],
                },
            ),
            migrations.CreateModel(
                name='Snapshot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('facts', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('language', models.CharField(max_length=8)),
                    ('taken_at', models.DateTimeField()),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('trouble', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='delivery.trouble')),
                ],
            ),
            migrations.CreateModel(
                name='Reshipment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.PositiveSmallIntegerField()),
                    ('state', models.CharField(choices=[('planned', 'To be packed'), ('packed', 'Packed'), ('shipped', 'On its way'), ('delivered', 'Arrived'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                    ('payer', models.CharField(choices=[('shop', 'Shop'), ('customer', 'Customer')], max_length=8)),
                    ('sku', models.CharField(blank=True, max_length=80)),
                    ('name', models.CharField(max_length=300)),
                    ('variant', models.CharField(blank=True, max_length=200)),
                    ('quantity', models.PositiveIntegerField()),
                    ('inserts', models.JSONField(default=list)),
                    ('ticked', models.JSONField(default=list)),
                    ('carrier', models.CharField(blank=True, choices=[('yamato', 'Yamato'), ('sagawa', 'Sagawa'), ('japan_post', 'Japan Post'), ('other', 'Other')], max_length=20)),
                    ('tracking_number', models.CharField(blank=True, max_length=40)),
                    ('planned_at', models.DateTimeField()),
                    ('shipped_at', models.DateTimeField(null=True)),
                    ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.consent')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('trouble', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reshipments', to='delivery.trouble')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('trouble', 'place'), name='delivery_reshipment_place_once'), models.CheckConstraint(condition=models.Q(models.Q(('payer', 'customer'), _negated=True), ('consent__isnull', False), models.Q(('state__in', ['shipped', 'delivered']), _negated=True), _connector='OR'), name='delivery_paid_by_customer_agreed'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='delivery_resent_something')],
                },
            ),
            migrations.CreateModel(
                name='PickUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('to_book', 'To be booked'), ('booked', 'Booked'), ('collected', 'Collected'), ('missed', 'The carrier came in vain'), ('waived', 'Not wanted back')], default='to_book', max_length=10)),
                    ('carrier', models.CharField(blank=True, choices=[('yamato', 'Yamato'), ('sagawa', 'Sagawa'), ('japan_post', 'Japan Post'), ('other', 'Other')], max_length=20)),
                    ('on', models.DateField(null=True)),
                    ('slot', models.CharField(blank=True, choices=[('any', 'Any time'), ('morning', 'In the morning'), ('12-14', '12:00–14:00'), ('14-16', '14:00–16:00'), ('16-18', '16:00–18:00'), ('18-20', '18:00–20:00'), ('19-21', '19:00–21:00')], max_length=8)),
                    ('reference', models.CharField(blank=True, max_length=40)),
                    ('waiver', models.CharField(blank=True, max_length=500)),
                    ('changed_at', models.DateTimeField()),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('trouble', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pick_up', to='delivery.trouble')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'booked'), _negated=True), models.Q(('on__isnull', False), models.Q(('carrier', ''), _negated=True), models.Q(('slot', ''), _negated=True)), _connector='OR'), name='delivery_booked_with_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), models.Q(('waiver', ''), _negated=True), _connector='OR'), name='delivery_waived_with_reason')],
                },
            ),
            migrations.CreateModel(
                name='FaultDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fault', models.CharField(choices=[('shop', 'Shop'), ('customer', 'Customer'), ('carrier', 'Carrier'), ('marketplace', 'Marketplace'), ('unknown', 'Not known')], max_length=12)),
                    ('proposed', models.CharField(choices=[('shop', 'Shop'), ('customer', 'Customer'), ('carrier', 'Carrier'), ('marketplace', 'Marketplace'), ('unknown', 'Not known')], max_length=12)),
                    ('certainty', models.CharField(choices=[('clear', 'Clear'), ('likely', 'Likely'), ('open', 'Cannot be told')], max_length=6)),
                    ('reason', models.CharField(max_length=500)),
                    ('evidence_ids', models.JSONField(default=list)),
                    ('by_name', models.CharField(max_length=200)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('trouble', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='delivery.trouble')),
                ],
                options={
                    'indexes': [models.Index(fields=['trouble', 'at', 'id'], name='delivery_decisions')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='delivery_decision_has_reason')],
                },
            ),
            migrations.CreateModel(
                name='EvidenceFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('arrived', 'What arrived'), ('box', 'The box'), ('packed', 'Taken while packing'), ('page', 'The page of the shop'), ('other', 'Something else')], max_length=10)),
                    ('name', models.CharField(max_length=255)),
                    ('came_at', models.DateTimeField()),
                    ('added_at', models.DateTimeField()),
                    ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.message')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('trouble', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='delivery.trouble')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('trouble', 'blob'), name='delivery_evidence_once')],
                },
            ),
            migrations.CreateModel(
                name='CostEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('outbound', 'Sending again'), ('return', 'Bringing back'), ('goodwill', 'Goodwill')], max_length=10)),
                    ('amount_yen', models.IntegerField()),
                    ('payer', models.CharField(choices=[('shop', 'Shop'), ('customer', 'Customer')], max_length=8)),
                    ('recover_from', models.CharField(blank=True, choices=[('shop', 'Shop'), ('customer', 'Customer'), ('carrier', 'Carrier'), ('marketplace', 'Marketplace'), ('unknown', 'Not known')], max_length=12)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('reshipment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='delivery.reshipment')),
                    ('trouble', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='costs', to='delivery.trouble')),
                ],
                options={
                    'indexes': [models.Index(fields=['trouble', 'id'], name='delivery_costs'), models.Index(condition=models.Q(('recover_from', ''), _negated=True), fields=['shop', 'at'], name='delivery_to_recover')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount_yen', 0), _negated=True), name='delivery_cost_not_zero')],
                },
            ),
            migrations.CreateModel(
                name='PackingColumns',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('header_key', models.CharField(max_length=64)),
                    ('columns', models.JSONField()),
                    ('created_at', models.DateTimeField()),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('shop', 'header_key'), name='delivery_packing_columns_once')],
                },
            ),
            migrations.CreateModel(
                name='PackingImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('file_name', models.CharField(max_length=200)),
                    ('encoding', models.CharField(blank=True, max_length=20)),
                    ('columns', models.JSONField(default=list)),
                    ('state', models.CharField(choices=[('mapping', 'Waiting for you to name the columns'), ('ready', 'Ready to start'), ('running', 'Running'), ('done', 'Done'), ('refused', 'Cannot be imported')], max_length=10)),
                    ('refusal', models.CharField(blank=True, max_length=400)),
                    ('row_count', models.PositiveIntegerField(default=0)),
                    ('rows_read', models.PositiveIntegerField(default=0)),
                    ('records_new', models.PositiveIntegerField(default=0)),
                    ('records_same', models.PositiveIntegerField(default=0)),
                    ('lots_noted', models.PositiveIntegerField(default=0)),
                    ('rows_refused', models.PositiveIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', '-id'], name='delivery_packing_imports'), models.Index(condition=models.Q(('file__isnull', False)), fields=['created_at'], name='delivery_packing_kept')],
                },
            ),
            migrations.CreateModel(
                name='PackingRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('sku', models.CharField(blank=True, max_length=80)),
                    ('name', models.CharField(blank=True, max_length=300)),
                    ('quantity', models.PositiveIntegerField()),
                    ('weight_g', models.PositiveIntegerField(null=True)),
                    ('expected_g', models.PositiveIntegerField(null=True)),
                    ('packed_at', models.DateTimeField()),
                    ('packed_by', models.CharField(blank=True, max_length=100)),
                    ('written_at', models.DateTimeField()),
                    ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.order')),
                    ('photo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shops.membership')),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('packing_import', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='delivery.packingimport')),
                ],
                options={
                    'indexes': [models.Index(fields=['order', 'position', '-written_at'], name='delivery_packed')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sku', ''), _negated=True), models.Q(('name', ''), _negated=True), _connector='OR'), name='delivery_packed_something'), models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('shop', 'digest'), name='delivery_packed_once')],
                },
            ),
            migrations.CreateModel(
                name='RefusedPackingRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('row_number', models.PositiveIntegerField()),
                    ('cells', models.JSONField()),
                    ('reason', models.CharField(max_length=400)),
                    ('packing_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='refused_rows', to='delivery.packingimport')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('packing_import', 'row_number'), name='delivery_refused_packing_once')],
                },
            ),
        ]),
    ]
