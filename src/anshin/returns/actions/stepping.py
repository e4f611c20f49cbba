"""A step on one axis: the only place where a return's standing is written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction

from anshin.plumbing.journal.actions import record
from anshin.plumbing.live.actions import publish_on
from anshin.returns import events
from anshin.returns.actions.refusals import IllegalStep, UnknownReturn
from anshin.returns.models import Return, Step
from anshin.returns.queries.lists import setting_of, tabs_key, waiting_key
from anshin.returns.rules import axes
from anshin.returns.terms import (
    Approval,
    Axis,
    ExchangeState,
    InspectionState,
    MoneyState,
    ParcelState,
    Standing,
    WaitsFor,
)
from anshin.shops.queries import calendar_of

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Membership, Shop


def locked_return(shop_id: int, return_id: int) -> Return:
    """The return, locked until the transaction ends. Raises UnknownReturn for another shop's."""
    found = Return.objects.select_for_update().filter(shop_id=shop_id, pk=return_id).first()
    if found is None:
        raise UnknownReturn
    return found


def standing_of(returned: Return) -> Standing:
    """Where the return stands on its axes."""
    return Standing(
        Approval(returned.approval),
        ParcelState(returned.parcel),
        InspectionState(returned.inspection),
        MoneyState(returned.money),
        ExchangeState(returned.exchange),
    )


def step(
    returned: Return,
    axis: Axis,
    state: str,
    *,
    by: Actor,
    member: Membership | None = None,
    why: str = "",
    expected_on: date | None = None,
    now: datetime,
) -> None:
    """Move a locked return on one axis, write the step down and see whose turn it is. `expected_on`: the day by which
    whoever pays the money out should have done so. Raises IllegalStep."""
    former = getattr(returned, axis.value)
    later = axes.after(standing_of(returned), axis, state)
    if later is None:
        raise IllegalStep
    setattr(returned, axis.value, str(state))
    turn = axes.turn(later)
    is_anothers = turn != returned.waits_for
    if is_anothers:
        returned.waits_for, returned.waits_since = turn, now
    if is_anothers or axis != Axis.EXCHANGE:  # what we send gives nobody else more time
        returned.due_at = due_moment(returned.shop, turn, now, expected_on)
    returned.closed_at = now if axes.is_over(later) else None
    returned.save(update_fields=[axis.value, "waits_for", "waits_since", "due_at", "closed_at"])
    begin_step(returned, axis, by=by, member=member, why=why, now=now)
    fact = events.ReturnStepped(
        return_id=returned.pk, number=returned.number, axis=axis.value, former=former, state=str(state)
    )
    record(fact, shop_id=returned.shop_id, by=by, now=now, case_id=returned.case_id)
    announce(returned, now=now)


def begin_step(
    returned: Return, axis: Axis, *, by: Actor, member: Membership | None = None, why: str = "", now: datetime
) -> Step:
    """The row of history for where the return stands on this axis now."""
    return Step.objects.create(
        shop_id=returned.shop_id,
        returned=returned,
        axis=axis,
        state=getattr(returned, axis.value),
        at=now,
        by=member,
        by_name=by.name[:200],
        why=why.strip(),
    )


def announce(returned: Return, *, now: datetime) -> None:
    """Tell open pages, and have what waits counted anew."""
    forget = [waiting_key(returned.shop_id), tabs_key(returned.shop_id)]
    transaction.on_commit(partial(cache.delete_many, forget))
    publish_on(
        shop_id=returned.shop_id,
        channels=["shop", f"case:{returned.case_id}"],
        kind="return.changed",
        payload={"return_id": returned.pk, "case_id": returned.case_id},
        now=now,
    )


def due_moment(shop: Shop, turn: WaitsFor, now: datetime, expected_on: date | None = None) -> datetime | None:
    """By when whoever's turn it is should have done it; None for what has no time of ours. `expected_on` is the day
    by which a bank or provider should have paid."""
    if turn == WaitsFor.PROVIDER and expected_on is not None:
        return datetime.combine(expected_on + timedelta(days=1), time(), tzinfo=ZoneInfo(shop.zone))
    if turn in {WaitsFor.NOBODY, WaitsFor.PROVIDER}:
        return None
    setting = setting_of(shop)
    if turn == WaitsFor.CUSTOMER:
        return now + timedelta(days=setting.days_to_send)
    days = {
        WaitsFor.STAFF: setting.days_to_answer,
        WaitsFor.MANAGER: setting.days_to_settle,
        WaitsFor.WAREHOUSE: setting.days_to_inspect,
    }[turn]
    return calendar_of(shop).closing(now, days)
