"""The clocks of cases that were open before there were clocks: they run from when the customer began to wait."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

DANGER, A_DAY = timedelta(days=4_000), timedelta(days=2_000)


def start(apps, schema_editor):
    """What is past already is told to nobody; the next change of targets or opening hours counts all anew."""
    Case, Shop = apps.get_model("cases", "Case"), apps.get_model("shops", "Shop")
    waiting = Case.objects.filter(status__in=["open", "snoozed"], due_at__isnull=False)
    target = Subquery(Shop.objects.filter(pk=OuterRef("shop_id")).values("reply_target_minutes")[:1])
    waiting.update(
        answer_due_at=F("due_at"),
        warn_at=F("due_at"),
        counting_since_at=Coalesce(F("waiting_since_at"), F("created_at")),
        answer_target_minutes=target,
        resolution_target_minutes=2_400,
    )
    waiting.filter(due_at__gt=Now()).update(deadline_check_at=F("due_at"))
    open_cases = Case.objects.filter(status="open")
    moment = Coalesce(F("due_at"), F("waiting_since_at"), F("created_at"))
    open_cases.filter(is_urgent=False).update(rank_at=moment)
    for pk, due_at, waiting_since_at, created_at, urgent_on in open_cases.filter(is_urgent=True).values_list(
        "pk", "due_at", "waiting_since_at", "created_at", "urgent_on"
    ):
        at = due_at or waiting_since_at or created_at
        Case.objects.filter(pk=pk).update(rank_at=at - (DANGER if urgent_on is None else A_DAY))


class Migration(migrations.Migration):

    dependencies = [("cases", "0017_clocks")]

    operations = [migrations.RunPython(start, migrations.RunPython.noop)]
