"""Notes which lot or serial number was sent, as the warehouse tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce import events
from anshin.commerce.models import OrderLine
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_BETWEEN = ", "
_LONGEST = OrderLine._meta.get_field("lot").max_length or 0


@transaction.atomic
def note_lots(*, shop: Shop, lots: Mapping[int, tuple[str, ...]], by: Actor, now: datetime) -> int:
    """Write these lots at order lines, by the id of the line; how many lines say something new.

    Lots that are known already stay, so that several parcels of one line name all of theirs; what does not fit into
    the column is left out, whole numbers only.
    """
    lines = OrderLine.objects.select_for_update(of=("self",)).select_related("order")
    changed = []
    for line in lines.filter(shop=shop, pk__in=lots).order_by("pk") if lots else ():
        known = list(filter(None, line.lot.split(_BETWEEN)))
        for lot in lots[line.pk]:
            if lot not in known and len(_BETWEEN.join([*known, lot])) <= _LONGEST:
                known.append(lot)
        if _BETWEEN.join(known) != line.lot:
            line.lot = _BETWEEN.join(known)
            changed.append(line)
    OrderLine.objects.bulk_update(changed, ["lot"])
    for line in changed:
        fact = events.OrderChanged(number=line.order.number, order_id=line.order_id, what="lot")
        record(fact, shop_id=shop.pk, by=by, now=now, order_id=line.order_id)
    return len(changed)
