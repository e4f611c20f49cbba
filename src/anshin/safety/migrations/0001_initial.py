import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0021_alter_case_channel_alter_message_channel_and_more'),
        ('commerce', '0012_lots_and_model_numbers'),
        ('files', '0002_one_index_each'),
        ('returns', '0004_parcelphoto'),
        ('shops', '0004_needs_approval'),
    ]

    operations = [
        CreateTables(
            operations=[
                migrations.CreateModel(
                    name='AdvisoryNumbering',
                    fields=[
                        ('shop', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='shops.shop')),
                        ('last_number', models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='Advisory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=24)),
                        ('number', models.PositiveIntegerField(null=True)),
                        ('state', models.CharField(choices=[('draft', 'Sealed, being written'), ('approved', 'Sealed, approved'), ('released', 'Released'), ('withdrawn', 'Withdrawn'), ('closed', 'Closed')], default='draft', max_length=10)),
                        ('origin', models.CharField(choices=[('hand', 'Entered by hand'), ('case', 'From a case'), ('feed', 'From a publisher’s list'), ('inside', 'From the shop’s own returns and cases')], default='hand', max_length=8)),
                        ('agency', models.CharField(blank=True, max_length=120)),
                        ('source_url', models.CharField(blank=True, max_length=1000)),
                        ('source_read_on', models.DateField(null=True)),
                        ('hazard_class', models.CharField(choices=[('harm', 'Injury has happened'), ('danger', 'Danger')], max_length=8)),
                        ('hazard_type', models.CharField(choices=[('fire', 'Fire or smoke'), ('burn', 'Burn'), ('electric', 'Electric shock'), ('explosion', 'Bursting or explosion'), ('cut', 'Cut or pinch'), ('fall', 'Fall or toppling'), ('choking', 'Choking or swallowing'), ('poison', 'Poisoning, gas'), ('skin', 'Skin trouble'), ('food', 'Food: allergen, germs, foreign matter'), ('other', 'Another hazard')], max_length=10)),
                        ('severity', models.CharField(choices=[('deadly', 'May kill'), ('serious', 'May injure badly'), ('medium', 'May injure'), ('minor', 'Small injuries')], max_length=8)),
                        ('title', models.CharField(max_length=200)),
                        ('lead_language', models.CharField(default='ja', max_length=8)),
                        ('stop_using', models.BooleanField(default=True)),
                        ('must_come_back', models.BooleanField(default=False)),
                        ('remedy', models.CharField(choices=[('refund', 'Money back'), ('exchange', 'Exchange'), ('repair', 'Repair or inspection'), ('part', 'A part is sent'), ('none', 'None; caution only')], default='none', max_length=10)),
                        ('contact_name', models.CharField(blank=True, max_length=120)),
                        ('contact_phone', models.CharField(blank=True, max_length=40)),
                        ('contact_mail', models.CharField(blank=True, max_length=320)),
                        ('contact_hours', models.CharField(blank=True, max_length=120)),
                        ('publish_at', models.DateTimeField(null=True)),
                        ('publish_zone', models.CharField(default='Asia/Tokyo', max_length=40)),
                        ('facts_version', models.PositiveIntegerField(default=1)),
                        ('approved_at', models.DateTimeField(null=True)),
                        ('approved_version', models.PositiveIntegerField(null=True)),
                        ('created_at', models.DateTimeField()),
                        ('released_at', models.DateTimeField(null=True)),
                        ('announced_at', models.DateTimeField(null=True)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('sent_back_words', models.CharField(blank=True, max_length=500)),
                        ('ended_words', models.CharField(blank=True, max_length=500)),
                        ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case')),
                        ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['shop', '-id'], name='safety_list'), models.Index(condition=models.Q(('state', 'approved')), fields=['publish_at'], name='safety_to_be_released')],
                        'constraints': [models.UniqueConstraint(fields=('key',), name='safety_key_once'), models.UniqueConstraint(fields=('shop', 'number'), name='safety_number_once'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('author__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='safety_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('origin', 'inside'), ('state', 'draft')), models.Q(models.Q(('agency', ''), _negated=True), models.Q(('source_url', ''), _negated=True), ('source_read_on__isnull', False)), _connector='OR'), name='safety_source_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'released', 'closed']), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('approved_version', models.F('facts_version')), ('publish_at__isnull', False)), models.Q(('approved_by__isnull', False), ('released_at__isnull', False), ('state__in', ['released', 'closed'])), _connector='OR'), name='safety_approved_as_it_stands'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['released', 'closed']), _negated=True), models.Q(('number__isnull', False), ('released_at__isnull', False)), _connector='OR'), name='safety_public_has_number'), models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('released_at__gte', models.F('publish_at')), _connector='OR'), name='safety_never_before_its_time')],
                    },
                ),
                migrations.CreateModel(
                    name='AdvisoryWording',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('language', models.CharField(max_length=8)),
                        ('product', models.CharField(max_length=200)),
                        ('heading', models.CharField(max_length=200)),
                        ('hazard', models.TextField()),
                        ('affected', models.TextField(blank=True)),
                        ('what_to_do', models.TextField()),
                        ('remedy', models.TextField(blank=True)),
                        ('version', models.PositiveIntegerField()),
                        ('written_at', models.DateTimeField()),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='safety.advisory')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                        ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'language'), name='safety_wording_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AffectedProduct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(blank=True, max_length=300)),
                        ('gtin', models.CharField(blank=True, max_length=14)),
                        ('sku', models.CharField(blank=True, max_length=80)),
                        ('model_number', models.CharField(blank=True, max_length=120)),
                        ('lots', models.JSONField(default=list)),
                        ('sold_from', models.DateField(null=True)),
                        ('sold_to', models.DateField(null=True)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='products', to='safety.advisory')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'position'), name='safety_affected_once'), models.CheckConstraint(condition=models.Q(('gtin', ''), ('model_number', ''), ('name', ''), ('sku', ''), _negated=True), name='safety_affected_is_named')],
                    },
                ),
                migrations.CreateModel(
                    name='Edition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField()),
                        ('content', models.JSONField()),
                        ('approved_at', models.DateTimeField()),
                        ('live_at', models.DateTimeField(null=True)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='safety.advisory')),
                        ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['advisory', '-id'], name='safety_editions')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('author__isnull', True), models.Q(('approved_by', models.F('author')), _negated=True), _connector='OR'), name='safety_edition_two_people')],
                    },
                ),
                migrations.CreateModel(
                    name='Insider',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('named_at', models.DateTimeField()),
                        ('removed_at', models.DateTimeField(null=True)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='insiders', to='safety.advisory')),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'membership'), name='safety_insider_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Look',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(choices=[('advisory', 'The advisory'), ('audience', 'Whom it reaches'), ('mails', 'The mails'), ('page', 'The notice on the page'), ('file', 'A saved list')], max_length=10)),
                        ('at', models.DateTimeField()),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='safety.advisory')),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['advisory', '-id'], name='safety_looks')],
                    },
                ),
                migrations.CreateModel(
                    name='Preparation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('words', models.CharField(max_length=200)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('done_at', models.DateTimeField(null=True)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='safety.advisory')),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'position'), name='safety_preparation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ProductMatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(choices=[('gtin', 'Same GTIN'), ('sku', 'Same product number'), ('model', 'Same model number'), ('name', 'Similar name'), ('hand', 'Chosen by hand')], max_length=8)),
                        ('certainty', models.PositiveSmallIntegerField()),
                        ('state', models.CharField(choices=[('proposed', 'To be confirmed'), ('confirmed', 'Confirmed'), ('rejected', 'Not this one')], default='proposed', max_length=10)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('affected', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='safety.affectedproduct')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commerce.product')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('affected', 'product'), name='safety_match_once'), models.CheckConstraint(condition=models.Q(('certainty__lte', 100)), name='safety_match_certainty')],
                    },
                ),
                migrations.CreateModel(
                    name='SafetyMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.CharField(choices=[('first', 'Notice'), ('reminder', 'Reminder'), ('correction', 'Correction')], default='first', max_length=10)),
                        ('turn', models.PositiveSmallIntegerField(default=0)),
                        ('address', models.CharField(max_length=320)),
                        ('address_key', models.CharField(max_length=320)),
                        ('language', models.CharField(max_length=8)),
                        ('rank', models.BigIntegerField(default=0)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('deferred', 'To be tried again'), ('failed', 'Refused by the mail server'), ('unsure', 'Perhaps sent'), ('bounced', 'Came back')], default='waiting', max_length=10)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('next_try_at', models.DateTimeField(null=True)),
                        ('message_id', models.CharField(blank=True, max_length=200)),
                        ('handed_at', models.DateTimeField(null=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('words', models.CharField(blank=True, max_length=300)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='safety.advisory')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.customer')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'deferred'])), fields=['advisory', '-rank', 'id'], name='safety_mail_to_send'), models.Index(fields=['advisory', 'state'], name='safety_mail_by_state'), models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='safety_mail_by_message')],
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'round', 'turn', 'address_key'), name='safety_mail_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SealedFact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event', models.CharField(max_length=80)),
                        ('payload', models.JSONField(default=dict)),
                        ('at', models.DateTimeField()),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='safety.advisory')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.membership')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['advisory', 'id'], name='safety_facts')],
                    },
                ),
                migrations.CreateModel(
                    name='Notice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address_key', models.CharField(blank=True, max_length=320)),
                        ('standing', models.CharField(choices=[('by_mail', 'By mail'), ('by_phone', 'By telephone'), ('by_letter', 'By letter'), ('unreachable', 'No way to reach'), ('cancelled', 'Cancelled before it left'), ('returned', 'Has sent it back')], max_length=12)),
                        ('quantity', models.PositiveIntegerField()),
                        ('is_gift', models.BooleanField(default=False)),
                        ('is_lot_known', models.BooleanField(default=False)),
                        ('advisory', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='safety.advisory')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.customer')),
                        ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.order')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                        ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='safety.safetymail')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['advisory', 'standing', 'id'], name='safety_notice_by_standing')],
                        'constraints': [models.UniqueConstraint(fields=('advisory', 'order', 'address_key'), name='safety_notice_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Acknowledgement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answer', models.CharField(choices=[('stopped', 'I have stopped using it'), ('never_got', 'I never got it'), ('gave_away', 'I gave it to somebody else'), ('threw_away', 'I have thrown it away'), ('wants_remedy', 'I want the remedy')], max_length=14)),
                        ('at', models.DateTimeField()),
                        ('is_by_staff', models.BooleanField(default=False)),
                        ('remedy_return', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='returns.return')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                        ('notice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='safety.notice')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['notice', '-id'], name='safety_answers')],
                    },
                ),
            ],
        ),
    ]
