"""Tells the owners of a shop by mail that something needs a look."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.shops import queries
from anshin.shops.models import HandedNotice, Shop

REMEMBERED = timedelta(days=30)
"""A job that runs again does so long before."""


@transaction.atomic
def tell_owners(*, shop: Shop, words: Callable[[str], tuple[str, str]], path: str, now: datetime) -> int:
    """A letter to each owner, in a job; how many. `words` gives subject and text in a language, called in it."""
    owners = list(queries.owners_of(shop))
    for owner in owners:
        with translation.override(owner.person.language):
            subject, text = words(owner.person.language)
        enqueue(
            "anshin.shops.jobs.send_notice",
            membership_id=owner.pk,
            subject=subject,
            text=text,
            link=f"{settings.ANSHIN_ADDRESS}{path}",
            key=secrets.token_hex(16),
            shop_id=shop.pk,
            now=now,
        )
    return len(owners)


def was_handed_over(*, shop_id: int, key: str) -> bool:
    """Whether a notice went to a mail server before, or may have gone. "" is a notice that nobody counts."""
    return bool(key) and HandedNotice.objects.filter(shop_id=shop_id, key=key).exists()


def hand_over(shop_id: int, key: str) -> None:
    """Note, right before the server takes it, that a notice leaves. Commits by itself, outside of any transaction."""
    now = clock.now()
    if key:
        HandedNotice.objects.filter(shop_id=shop_id, handed_at__lt=now - REMEMBERED).delete()
        HandedNotice.objects.create(shop_id=shop_id, key=key, handed_at=now)


def take_back(*, shop_id: int, key: str) -> None:
    """The server certainly did not take it: it may be sent again."""
    HandedNotice.objects.filter(shop_id=shop_id, key=key).delete()
