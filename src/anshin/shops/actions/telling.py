"""Tells the owners of a shop by mail that something needs a look."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from anshin.plumbing.jobs.queue import enqueue
from anshin.shops import queries
from anshin.shops.models import Shop


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
            shop_id=shop.pk,
            now=now,
        )
    return len(owners)
