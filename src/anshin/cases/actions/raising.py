"""A case that nobody wrote: the desk itself opens it, because somebody outside wants something by a day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.actions.opening import next_number
from anshin.cases.models import Case, Note, OrderLink
from anshin.cases.queries.targets import Clockwork
from anshin.cases.terms import Channel, Status, UrgentWhy
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Shop


@transaction.atomic
def raise_case(
    *,
    shop: Shop,
    order: Order,
    subject: str,
    note: str,
    signed: str,
    why: UrgentWhy,
    by: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> Case:
    """An urgent case beside the order, with a note that says what to do, due at `due_at`, else as urgent ones are.

    `signed` names the note's writer. Called twice there are two: the caller remembers that there is one.
    """
    work = Clockwork(shop)
    if due_at is None:
        clock = clocks.started(work, channel=Channel.DESK, is_urgent=True, since=now, now=now)
    else:
        clock = clocks.until(work, due_at=due_at, now=now)
    case = Case(
        shop=shop,
        number=next_number(shop),
        subject=subject[:300],
        channel=Channel.DESK,
        customer_id=order.customer_id,
        is_urgent=True,
        urgent_kind=why,
        urgent_on=due_at.astimezone(ZoneInfo(shop.zone)).date() if due_at else None,
        created_at=now,
        last_activity_at=now,
        waiting_since_at=now,
        last_line=" ".join(note.split())[:160],
        order_label=order.number,
        **clock,
    )
    case.rank_at = standing.rank(case)
    case.save()
    standing.count(shop.pk, {(Status.OPEN, standing.NOBODY): +1})
    OrderLink.objects.create(shop=shop, case=case, order=order, reason="desk", linked_at=now)
    Note.objects.create(shop=shop, case=case, at=now, text=note.strip(), rule_name=signed[:80])
    opened = events.CaseOpened(number=case.number, channel=Channel.DESK)
    record(opened, shop_id=shop.pk, by=by, now=now, case_id=case.pk, order_id=order.pk)
    indexing.ask_to_index([case.pk], shop_id=shop.pk, now=now)
    standing.announce(case, "case.opened", now=now)
    return case
