"""A reminder before the days end in which a customer may send something back; once an order, if the shop wants it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce.queries import delivered_orders, mails_of, marked_among
from anshin.language.mails import mail_key
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.pages import dates
from anshin.returns.queries import left_to_return, policies
from anshin.returns.terms import Condition, Reason, Verdict
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission
from anshin.visits import events, letters, rules
from anshin.visits.models import Reminder, ReminderSetting
from anshin.visits.ports import CustomerLetter, EnclosedFile
from anshin.visits.queries import reminder_setting
from anshin.visits.terms import FEWEST_REMINDER_DAYS, MOST_REMINDER_DAYS

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.shops.models import Membership, Shop

REMINDER = Actor.system("reminder")
LOOKED_BACK: Final = timedelta(days=120)
"""Nobody lets goods come back for longer."""
_SEND = "anshin.visits.jobs.send_reminder"


class WrongDays(Refused):
    """Days that are no number, or too many."""

    def __init__(self) -> None:
        super().__init__(_("Choose how many days before the end the reminder goes out."))


@transaction.atomic
def set_reminder(*, by: Membership, is_on: bool, days: int, now: datetime) -> ReminderSetting:
    """Remind customers from now on, or do not. Raises NotAllowed, WrongDays."""
    require(by, Permission.RUN_SHOP)
    if not FEWEST_REMINDER_DAYS <= days <= MOST_REMINDER_DAYS:
        raise WrongDays
    setting, is_new = ReminderSetting.objects.select_for_update().get_or_create(shop=by.shop)
    if is_new or (setting.is_on, setting.days) != (is_on, days):
        setting.is_on, setting.days = is_on, days
        setting.save()
        record(events.ReminderSet(is_on=is_on, days=days), shop_id=by.shop_id, by=shops.actor(by), now=now)
    return setting


def remind_customers(*, shop: Shop, now: datetime) -> int:
    """Write a reminder for each order whose days end soon, and have it sent; how many. Each order once, for ever."""
    setting = reminder_setting(shop)
    if not setting.is_on:
        return 0
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    known = set(Reminder.objects.filter(shop=shop).values_list("order_id", flat=True))
    written = 0
    for order in delivered_orders(shop, since=now - LOOKED_BACK):
        until = _until(shop, order, now) if order.pk not in known else None
        if until is not None and rules.is_reminder_due(until, today=today, days=setting.days):
            written += _write(shop, order, until, now)
    return written


@transaction.atomic
def make_reminder(*, reminder_id: int) -> CustomerLetter | None:
    """The letter with its calendar entry; None when it was handed over before, or mail does not arrive."""
    found = Reminder.objects.select_for_update(of=("self",)).select_related("shop", "order", "customer")
    reminder = found.filter(pk=reminder_id, handed_at=None, customer__erased_at=None).first()
    to = _address(reminder) if reminder else ""
    if reminder is None or not to:
        return None
    shop, language = reminder.shop, reminder.language
    items = [f"{line.name} {line.variant}".strip() for line in reminder.order.lines.all()]
    values = {
        "shop": shop.name if language == "ja" else shop.name_en or shop.name,
        "number": reminder.order.number,
        "items": "\n".join(items),
        "day": dates.full_day(reminder.until, language=language, with_year=False),
        "link": f"{settings.ANSHIN_ADDRESS}/p/{shop.slug}/?order={reminder.order.number}",
    }
    written = letters.reminder(language=language, **values)
    entry = letters.calendar_entry(
        uid=f"return-until-{reminder.pk}@{shop.slug}.anshin",
        summary=written.subject,
        text=written.text,
        on=reminder.until,
        made_at=reminder.written_at,
    )
    file = EnclosedFile("return.ics", "text/calendar", entry)
    return CustomerLetter(shop.pk, to, reminder.customer.name, written.subject, written.text, (file,))


def hand_over_reminder(reminder_id: int, *, now: datetime) -> None:
    """Note, right before the server takes it, that the letter leaves. Commits by itself."""
    Reminder.objects.filter(pk=reminder_id).update(handed_at=now)


def take_reminder_back(reminder_id: int) -> None:
    """The server certainly did not take it: it may be sent again."""
    Reminder.objects.filter(pk=reminder_id).update(handed_at=None)


def _until(shop: Shop, order: Order, now: datetime) -> date | None:
    """The last day on which something of the order may come back for no reason; None when nothing may any more."""
    left = left_to_return(order)
    days = []
    for line in order.lines.all():
        if left.get(line.position, 0) == line.quantity:
            judged = policies.judge(
                shop,
                order=order,
                line=line,
                quantity=line.quantity,
                reason=Reason.CHANGED_MIND,
                condition=Condition.UNUSED,
                has_photos=True,
                accessories_kept=True,
                now=now,
            )
            if judged.verdict != Verdict.REFUSED and judged.until is not None:
                days.append(judged.until)
    return min(days) if days else None


@transaction.atomic
def _write(shop: Shop, order: Order, until: date, now: datetime) -> int:
    reminder, is_new = Reminder.objects.get_or_create(
        order=order,
        defaults={
            "shop": shop,
            "customer": order.customer,
            "until": until,
            "language": letters.known(order.customer.language or "ja"),
            "written_at": now,
        },
    )
    if is_new:
        fact = events.ReminderWritten(reminder_id=reminder.pk)
        record(fact, shop_id=shop.pk, by=REMINDER, now=now, order_id=order.pk)
        enqueue(_SEND, reminder.pk, shop_id=shop.pk, now=now)
    return int(is_new)


def _address(reminder: Reminder) -> str:
    """The customer's first address to which mail arrives."""
    mails = mails_of(reminder.shop, reminder.customer_id)
    marked = marked_among(reminder.shop, mails)
    return next((mail for mail in mails if mail_key(mail) not in {mail_key(each) for each in marked}), "")
