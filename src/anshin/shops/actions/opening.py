"""Opening a shop."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import events
from anshin.shops.actions.refusals import SlugTaken
from anshin.shops.models import OpeningHours, Shop

SYSTEM = Actor.system()
_WEEKDAYS = range(5)


@transaction.atomic
def open_shop(
    *,
    slug: str,
    name: str,
    contact_mail: str,
    now: datetime,
    name_en: str = "",
    order_formats: tuple[str, ...] = (),
) -> Shop:
    """A new shop, open Monday to Friday from 10 to 18. Raises SlugTaken."""
    if Shop.objects.filter(slug=slug).exists():
        raise SlugTaken(_("The short name “%(slug)s” is taken. Choose another one.") % {"slug": slug})
    shop = Shop.objects.create(
        slug=slug,
        name=name,
        name_en=name_en,
        contact_mail=contact_mail,
        order_formats=list(order_formats),
        created_at=now,
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(shop=shop, weekday=day, opens=time(10), closes=time(18)) for day in _WEEKDAYS
    )
    record(events.ShopOpened(slug=slug), shop_id=shop.pk, by=SYSTEM, now=now)
    return shop
