"""Calls of which nobody has put down yet what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef

from anshin.cases.models import Case, Message, Note
from anshin.cases.terms import Channel, Direction, Status

if TYPE_CHECKING:
    from anshin.shops.models import Shop

MOST_SHOWN: Final = 20


def calls_without_note(shop: Shop) -> list[Case]:
    """Unfinished cases from a call without a word, to which no person has written a note; oldest first.

    At most MOST_SHOWN, with owners. One query.
    """
    silent = Message.objects.filter(case=OuterRef("pk"), direction=Direction.IN, channel=Channel.PHONE, text="")
    noted = Note.objects.filter(case=OuterRef("pk"), author__isnull=False)
    rows = Case.objects.filter(
        Exists(silent),
        ~Exists(noted),
        shop=shop,
        channel=Channel.PHONE,
        status__in=[Status.OPEN, Status.WAITING, Status.SNOOZED],
        merged_into=None,
    )
    return list(rows.select_related("owner__person", "customer").order_by("created_at", "id")[:MOST_SHOWN])
