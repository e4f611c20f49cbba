"""What was inspected and paid for before parts were told apart counts as the first part of its line."""

from django.db import migrations

_NOT_OURS = ("send_back", "missing")
_SETTLED = ("second", "sending", "paid", "failed")


def count(apps, _schema_editor):
    Inspection, Settlement = (apps.get_model("returns", name) for name in ("Inspection", "Settlement"))
    for row in Inspection.objects.filter(finished_at__isnull=False).select_related("line").iterator(500):
        row.quantity = row.line.quantity_here or 0
        row.save(update_fields=["quantity"])
    rows = Settlement.objects.filter(is_current=True, confirmed_at__isnull=False, returned__money__in=_SETTLED)
    for row in rows.select_related("returned").iterator(500):
        row.covers = {str(line.pk): _covered(line) for line in row.returned.lines.filter(order_id=row.order_id)}
        row.save(update_fields=["covers"])


def _covered(line):
    part = line.inspections.filter(finished_at__isnull=False).first()
    if part is None:
        return [line.quantity, 0]
    return [0 if part.disposition in _NOT_OURS else part.quantity, part.part]


class Migration(migrations.Migration):
    dependencies = [("returns", "0005_parts_of_inspections")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
