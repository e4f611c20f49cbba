from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0006_sessions_and_duty'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='shops_membership_known_role',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('agent', 'Agent'), ('limited', 'Limited agent'), ('warehouse', 'Warehouse')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'manager', 'agent', 'limited', 'warehouse'])), name='shops_membership_known_role'),
        ),
    ]
