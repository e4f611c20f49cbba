"""Reminding customers whose approved return does not arrive: at intervals, a few times, until it is on its way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max, Q

from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions import telling
from anshin.returns.models import ParcelReminder, Return
from anshin.returns.queries.lists import setting_of
from anshin.returns.terms import Approval, Axis, ParcelState

if TYPE_CHECKING:
    from anshin.returns.models import ReturnSetting
    from anshin.shops.models import Shop


def remind_of_parcels(*, shop: Shop, now: datetime) -> int:
    """Write to everybody whose parcel should have been announced by now; how many. Each in a transaction of its own:
    killed between two, the rest is written to the next time, and nobody twice."""
    setting = setting_of(shop)
    if not setting.remind_parcel_days or not setting.remind_parcel_most:
        return 0
    return sum(_remind(shop, return_id, setting, now) for return_id in _awaited(shop, setting, now))


def _awaited(shop: Shop, setting: ReturnSetting, now: datetime) -> list[int]:
    """Returns of which nothing was heard for the days set: one query."""
    before = now - timedelta(days=setting.remind_parcel_days)
    rows = Return.objects.filter(
        shop=shop,
        approval=Approval.APPROVED,
        parcel=ParcelState.AWAITED,
        tracking_number="",
        closed_at=None,
        customer__erased_at=None,
    ).annotate(
        awaited_at=Max("steps__at", filter=Q(steps__axis=Axis.PARCEL)),
        told=Count("reminders", distinct=True),
        told_at=Max("reminders__at"),
    )
    due = rows.filter(
        Q(told_at=None) | Q(told_at__lte=before), awaited_at__lte=before, told__lt=setting.remind_parcel_most
    )
    return list(due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(shop: Shop, return_id: int, setting: ReturnSetting, now: datetime) -> int:
    """Once more asked under the lock: the customer may have announced it a moment ago, or another worker written."""
    returned = Return.objects.select_for_update().filter(shop=shop, pk=return_id).first()
    if returned is None or return_id not in _awaited(shop, setting, now):
        return 0
    place = returned.reminders.count() + 1
    ParcelReminder.objects.create(shop=shop, returned=returned, place=place, at=now)
    telling.tell(returned, "waiting", turn=f"return-{returned.pk}-waiting-{place}", now=now)
    fact = events.ParcelReminded(return_id=returned.pk, number=returned.number, place=place)
    record(fact, shop_id=shop.pk, by=telling.RETURNS, now=now, case_id=returned.case_id)
    return 1
