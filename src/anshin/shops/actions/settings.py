"""What the owner sets: the shop's face, its order numbers, its reply target, its week and its holidays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.language.folding import half_width
from anshin.language.order_numbers import FormatRefused, compile_formats
from anshin.plumbing.journal.actions import record
from anshin.shops import events, queries
from anshin.shops.actions.refusals import BadHours, BadOrderFormat, HolidayKnown, require
from anshin.shops.models import Holiday, Membership, OpeningHours, Shop
from anshin.shops.terms import Permission

_WRONG = {
    "too_long": _("“%(format)s” is longer than 40 characters. Write the shape of one number only."),
    "unknown_character": _("“%(format)s” may hold letters, digits, # and - only. Write # for each digit that changes."),
    "too_few_digits": _("“%(format)s” needs at least three #. Write # for each digit that changes."),
}


@transaction.atomic
def change_shop(
    *,
    by: Membership,
    name: str,
    name_en: str,
    contact_mail: str,
    order_formats: Sequence[str],
    reply_target_minutes: int,
    signature: str,
    now: datetime,
) -> Shop:
    """The shop with these settings. Raises NotAllowed, BadOrderFormat."""
    require(by, Permission.RUN_SHOP)
    shop = Shop.objects.select_for_update().get(pk=by.shop_id)
    wanted = {
        "name": name.strip(),
        "name_en": name_en.strip(),
        "contact_mail": contact_mail.strip(),
        "order_formats": usable_formats(order_formats),
        "reply_target_minutes": reply_target_minutes,
        "signature": signature,
    }
    changed = [column for column, value in wanted.items() if getattr(shop, column) != value]
    if changed:
        for column in changed:
            setattr(shop, column, wanted[column])
        shop.save(update_fields=changed)
        record(events.ShopChanged(what=",".join(changed)), shop_id=shop.pk, by=queries.actor(by), now=now)
    return shop


def usable_formats(written: Sequence[str]) -> list[str]:
    """The formats that were written, half-width, each once, empty lines left out. Raises BadOrderFormat."""
    formats = list(dict.fromkeys(half_width(line).strip() for line in written if line.strip()))
    try:
        compile_formats(formats)
    except FormatRefused as refusal:
        words = _WRONG.get(refusal.reason, _("“%(format)s” cannot be used. Write the shape like KM-#####."))
        raise BadOrderFormat(words % {"format": refusal.format}) from refusal
    return formats


@transaction.atomic
def set_opening_hours(*, by: Membership, hours: Mapping[int, tuple[time, time]], now: datetime) -> None:
    """Weekday (0 = Monday) to opening and closing time; a missing day is closed. Raises NotAllowed, BadHours."""
    require(by, Permission.RUN_SHOP)
    if any(opens >= closes for opens, closes in hours.values()):
        raise BadHours(_("A day must close after it opens. Correct the times."))
    rows = OpeningHours.objects.select_for_update().filter(shop_id=by.shop_id)
    if {row.weekday: (row.opens, row.closes) for row in rows} == dict(hours):
        return
    rows.delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(shop_id=by.shop_id, weekday=day, opens=opens, closes=closes)
        for day, (opens, closes) in sorted(hours.items())
    )
    days = tuple(f"{day} {opens:%H:%M}-{closes:%H:%M}" for day, (opens, closes) in sorted(hours.items()))
    record(events.OpeningHoursSet(days=days), shop_id=by.shop_id, by=queries.actor(by), now=now)


@transaction.atomic
def add_holiday(*, by: Membership, on: date, name: str, now: datetime) -> Holiday:
    """A day on which the shop is closed. Raises NotAllowed, HolidayKnown."""
    require(by, Permission.RUN_SHOP)
    added, created = Holiday.objects.get_or_create(shop_id=by.shop_id, on=on, defaults={"name": name.strip()})
    if not created:
        raise HolidayKnown(_("This day is in the list already. Remove it first to rename it."))
    record(events.HolidayAdded(on=on, label=added.name), shop_id=by.shop_id, by=queries.actor(by), now=now)
    return added


@transaction.atomic
def remove_holiday(*, by: Membership, holiday_id: int, now: datetime) -> None:
    """Take a day out of the list; nothing when it is gone already. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    found = Holiday.objects.filter(shop_id=by.shop_id, pk=holiday_id).first()
    if found is None:
        return
    found.delete()
    record(events.HolidayRemoved(on=found.on, label=found.name), shop_id=by.shop_id, by=queries.actor(by), now=now)
