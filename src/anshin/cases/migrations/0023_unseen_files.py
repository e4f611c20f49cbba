from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_case_cases_first_answered_case_cases_closed_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='unseen',
            field=models.CharField(blank=True, choices=[('locked', 'locked with a password'), ('damaged', 'damaged'), ('too_large', 'too large or too complicated'), ('kind', 'a kind of file into which Anshin cannot look'), ('pictures', 'it has pages of pictures, or files of its own')], max_length=12),
        ),
    ]
