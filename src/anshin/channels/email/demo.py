"""The mail channel's part of the demo: a mailbox without servers, and mail that arrives in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Alias, Comparison, MailAlert, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.sheets.comparing import write_days
from anshin.channels.email.terms import Alert, ComparisonState, Source

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def open_mailbox(shop: Shop, *, address: str, now: datetime) -> Mailbox:
    """The shop's mailbox with a second address for returns; nothing is fetched, and what leaves goes to the demo's
    post office."""
    domain = address.rpartition("@")[2]
    in_english = f"{shop.name_en or shop.name}\nCustomer care\n{address}"
    mailbox = Mailbox.objects.create(
        shop=shop,
        address=address,
        display_name=shop.name,
        takes_plus_addresses=True,
        signature_en=in_english,
        created_at=now,
    )
    Alias.objects.create(
        shop=shop,
        mailbox=mailbox,
        address=f"returns@{domain}",
        display_name=f"{shop.name} 返品受付",
        signature_ja=f"{shop.name} 返品受付\nreturns@{domain}",
        signature_en=in_english,
        created_at=now,
    )
    return mailbox


def arrive(shop: Shop, raw: bytes, *, now: datetime) -> None:
    """A mail that came at `now`: stored, then taken in."""
    mailbox = Mailbox.objects.filter(shop=shop).order_by("id").get()
    stored = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=now)
    take_in(stored.arrival.pk, now=now)


def compare(shop: Shop, *, at: datetime) -> None:
    """What the nightly comparisons have brought about until `at`; one missing mail that came later, one past alert."""
    for mailbox in Mailbox.objects.filter(shop=shop).select_related("shop"):
        write_days(mailbox, None, now=at)
        mailbox.days.filter(on__gte=at.date()).delete()
        mailbox.days.filter(on=at.date() - timedelta(days=4)).update(brought_count=1)
        silent_at = at.replace(hour=15, minute=10) - timedelta(days=9)
        facts = {"since": (silent_at - timedelta(hours=29)).isoformat(), "open_minutes": 850, "expected_count": 9}
        MailAlert.objects.create(
            shop=shop,
            mailbox=mailbox,
            kind=Alert.SILENT,
            facts=facts | {"usual_pause_minutes": 400},
            began_at=silent_at,
            told_at=silent_at,
            ended_at=silent_at + timedelta(minutes=40),
        )
        Comparison.objects.create(shop=shop, mailbox=mailbox, state=ComparisonState.DONE, asked_at=at, finished_at=at)
