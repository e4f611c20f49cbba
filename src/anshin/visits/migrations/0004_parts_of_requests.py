"""What comes back as parts, each with its own reason and wish, in place of one of each for the whole request."""

from django.db import migrations, models


def tell_at_each_part(apps, schema_editor):
    """Requests that were begun go on where they stand."""
    for draft in apps.get_model("visits", "ReturnDraft").objects.all():
        places = sorted(draft.quantities.items(), key=lambda each: int(each[0]))
        draft.told = [
            {
                "key": key,
                "position": int(position),
                "quantity": quantity,
                "reason": draft.reason,
                "sub_reason": draft.sub_reason,
                "condition": draft.condition,
                "accessories": draft.accessories,
                "wish": draft.wish,
                "wanted": draft.wanted,
            }
            for key, (position, quantity) in enumerate(places, 1)
        ]
        draft.save(update_fields=["told"])


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0003_remindersetting_reminder'),
    ]

    operations = [
        migrations.AddField(model_name='returndraft', name='told', field=models.JSONField(default=list)),
        migrations.AddField(model_name='returndraft', name='has_own_reasons', field=models.BooleanField(default=False)),
        migrations.AddField(model_name='returndraft', name='has_own_wishes', field=models.BooleanField(default=False)),
        migrations.RunPython(tell_at_each_part, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name='returndraft', name='quantities'),
        migrations.RemoveField(model_name='returndraft', name='reason'),
        migrations.RemoveField(model_name='returndraft', name='sub_reason'),
        migrations.RemoveField(model_name='returndraft', name='condition'),
        migrations.RemoveField(model_name='returndraft', name='accessories'),
        migrations.RemoveField(model_name='returndraft', name='wish'),
        migrations.RemoveField(model_name='returndraft', name='wanted'),
        migrations.AddField(model_name='draftphoto', name='part', field=models.PositiveIntegerField(default=0)),
        migrations.RemoveConstraint(model_name='draftphoto', name='visits_draft_photo_once'),
        migrations.AddConstraint(
            model_name='draftphoto',
            constraint=models.UniqueConstraint(fields=('draft', 'part', 'blob'), name='visits_draft_photo_once'),
        ),
    ]
