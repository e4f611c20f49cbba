"""Tells the owners of a shop, or some of its staff, by mail that something needs a look."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.shops import queries
from anshin.shops.models import HandedNotice, Membership, Shop

REMEMBERED = timedelta(days=30)
"""A job that runs again does so long before."""


@transaction.atomic
def tell_owners(*, shop: Shop, words: Callable[[str], tuple[str, str]], path: str, now: datetime) -> int:
    """A letter to each owner, in a job; how many. `words` gives subject and text in a language, called in it."""
    return tell(members=list(queries.owners_of(shop)), words=words, path=path, now=now)


@transaction.atomic
def tell(*, members: Sequence[Membership], words: Callable[[str], tuple[str, str]], path: str, now: datetime) -> int:
    """The same to these members of staff."""
    for member in members:
        with translation.override(member.person.language):
            subject, text = words(member.person.language)
        enqueue(
            "anshin.shops.jobs.send_notice",
            membership_id=member.pk,
            subject=subject,
            text=text,
            link=f"{settings.ANSHIN_ADDRESS}{path}",
            key=secrets.token_hex(16),
            shop_id=member.shop_id,
            now=now,
        )
    return len(members)


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
