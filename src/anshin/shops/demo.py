"""The shops' part of the demo: opening hours, holidays and signatures as the story tells them."""

from collections.abc import Iterable, Mapping
from datetime import date, time

from anshin.shops.models import Holiday, Membership, OpeningHours, Shop


def settle_shop(
    shop: Shop,
    *,
    hours: Mapping[int, tuple[time, time]],
    holidays: Iterable[date],
    signatures: Mapping[str, str],
) -> None:
    """Write what a shop's owner would have set. `hours`: weekday to opening and closing; `signatures`: by mail."""
    shop.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(shop=shop, weekday=day, opens=opens, closes=closes) for day, (opens, closes) in hours.items()
    )
    Holiday.objects.bulk_create(Holiday(shop=shop, on=day) for day in holidays)
    for mail, signature in signatures.items():
        Membership.objects.filter(shop=shop, person__email=mail).update(signature=signature)
