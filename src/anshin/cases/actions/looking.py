"""Looking at what is masked: allowed for few, and always written down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.models import Message
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def look_at_numbers(*, by: Membership, message_id: int, now: datetime) -> Message:
    """The message, with a journal entry that `by` saw its card numbers and My Numbers in full.

    Raises NotAllowed, Message.DoesNotExist for another shop's.
    """
    require(by, Permission.SEE_NUMBERS)
    message = Message.objects.select_related("case").get(shop_id=by.shop_id, pk=message_id)
    fact = events.NumbersShown(message_id=message.pk)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=message.case_id)
    return message
