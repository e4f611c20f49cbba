"""What 0001 to 0002 come to, in one step: for an empty database. See docs/decisions/0037-squashed-anew.md."""

import django.db.models.deletion
from django.db import migrations, models

from anshin.plumbing.tables import CreateTables


class Migration(migrations.Migration):

    replaces = [
        ('web_form', '0001_initial'),
        ('web_form', '0002_one_index_each'),
    ]

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('files', '0001_initial'),
        ('shops', '0002_one_index_each'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Submission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nonce', models.CharField(max_length=40)),
                    ('kind', models.CharField(choices=[('not_ordered', 'Something I did not order arrived, or I was billed for it'), ('payment', 'A problem with the payment'), ('wrong_item', 'The wrong item arrived'), ('defect', 'The item is broken or does not work'), ('not_arrived', 'My order has not arrived'), ('return', 'Return, exchange or refund'), ('change', 'Change my order'), ('cancel', 'Cancel my order'), ('receipt', 'Receipt or invoice'), ('product', 'A question about an item'), ('other', 'Something else')], max_length=20)),
                    ('language', models.CharField(max_length=8)),
                    ('fields', models.JSONField(default=dict)),
                    ('address_key', models.CharField(blank=True, max_length=64)),
                    ('mail_key', models.CharField(blank=True, max_length=320)),
                    ('received_at', models.DateTimeField()),
                    ('fate', models.CharField(choices=[('stored', 'Kept, not looked at yet'), ('taken_in', 'Became a case'), ('incomplete', 'Sent back to the customer because something was missing'), ('suspect', 'Sent back because it looked like a machine'), ('failed', 'Could not be taken in, waits for a person')], default='stored', max_length=12)),
                    ('reason_words', models.CharField(blank=True, max_length=500)),
                    ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.message')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                ],
                options={
                    'indexes': [models.Index(fields=['shop', 'address_key', '-received_at'], name='web_form_by_address'), models.Index(fields=['shop', 'mail_key', '-received_at'], name='web_form_by_mail'), models.Index(fields=['shop', 'fate', '-id'], name='web_form_by_fate')],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'nonce'), name='web_form_once_a_page'), models.CheckConstraint(condition=models.Q(('fate__in', ['stored', 'taken_in', 'incomplete', 'suspect', 'failed'])), name='web_form_known_fate'), models.CheckConstraint(condition=models.Q(('kind__in', ['not_ordered', 'payment', 'wrong_item', 'defect', 'not_arrived', 'return', 'change', 'cancel', 'receipt', 'product', 'other'])), name='web_form_known_kind')],
                },
            ),
            migrations.CreateModel(
                name='SubmissionFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=255)),
                    ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.blob')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.shop')),
                    ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='web_form.submission')),
                ],
            ),
        ]),
    ]
