"""Watching why products come back: one task a product, worked by a person, opened again if it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions.refusals import ChangeNeeded, IllegalStep, UnknownTask
from anshin.returns.models import ImprovementOutcome, ImprovementTask, Return
from anshin.returns.queries.lists import setting_of
from anshin.returns.queries.reasons import figures_of, improvement_key
from anshin.returns.rules import improving
from anshin.returns.terms import ImprovementState
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.returns.models import ReturnLine, ReturnSetting
    from anshin.shops.models import Membership

WATCH = Actor.system("returns")


@transaction.atomic
def watch_products(*, shop_id: int, return_id: int, now: datetime) -> list[ImprovementTask]:
    """Count anew for the products of a return; the tasks that are opened by it, or again. The same again opens none."""
    returned = Return.objects.select_related("shop").filter(shop_id=shop_id, pk=return_id).first()
    if returned is None:
        return []
    setting = setting_of(returned.shop)
    lines = {improving.product_key(line.sku, line.name): line for line in returned.lines.all()}
    opened = (_watch(returned, key, line, setting, now) for key, line in sorted(lines.items()))
    return [task for task in opened if task is not None]


@transaction.atomic
def finish_improvement(
    *, by: Membership, task_id: int, state: ImprovementState, what: str, now: datetime
) -> ImprovementTask:
    """The page was changed (done: how), or is not the cause (dismissed: why). What is ordered from now on counts anew.

    Raises NotAllowed, UnknownTask, IllegalStep (it is not open), ChangeNeeded (a sentence is missing).
    """
    require(by, Permission.HANDLE_RETURNS)
    task = ImprovementTask.objects.select_for_update().filter(shop_id=by.shop_id, pk=task_id).first()
    if task is None:
        raise UnknownTask
    if task.state != ImprovementState.OPEN or state == ImprovementState.OPEN:
        raise IllegalStep
    if not what.strip():
        raise ChangeNeeded
    task.state, task.counts_from = state, now
    task.save(update_fields=["state", "counts_from"])
    ImprovementOutcome.objects.create(shop_id=by.shop_id, task=task, state=state, what=what.strip(), at=now, by=by)
    fact = events.PageTaskFinished(task_id=task.pk, product=task.name, state=str(state))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    transaction.on_commit(partial(cache.delete, improvement_key(by.shop_id)))
    return task


def _watch(
    returned: Return, key: str, line: ReturnLine, setting: ReturnSetting, now: datetime
) -> ImprovementTask | None:
    known = ImprovementTask.objects.select_for_update().filter(shop=returned.shop, product_key=key).first()
    if known is not None and known.state == ImprovementState.OPEN:
        return None
    since = now - timedelta(days=setting.improve_days)
    if known is not None and known.counts_from is not None:
        since = max(since, known.counts_from)
    figures, sold = figures_of(returned.shop, key, since=since)
    limits = improving.Limits(setting.improve_returns, setting.improve_percent)
    over = improving.over_limit(figures, sold, limits)
    if over is None:
        return None
    values = {"name": line.name, "sku": line.sku, "reason": over.reason, "returns": over.returns, "sold": sold}
    return _open(returned, key, known, values, now=now)


def _open(
    returned: Return, key: str, known: ImprovementTask | None, values: dict[str, Any], *, now: datetime
) -> ImprovementTask | None:
    values |= {"state": ImprovementState.OPEN, "opened_at": now}
    if known is None:
        task, is_new = ImprovementTask.objects.get_or_create(shop=returned.shop, product_key=key, defaults=values)
        if not is_new:
            return None  # another request of this moment has opened it
    else:
        task = known
        for name, value in values.items():
            setattr(task, name, value)
        task.save()
    fact = events.PageTaskOpened(
        task_id=task.pk,
        product=task.name,
        reason=str(task.reason),
        returns=task.returns,
        sold=task.sold,
        again=known is not None,
    )
    record(fact, shop_id=returned.shop_id, by=WATCH, now=now)
    transaction.on_commit(partial(cache.delete, improvement_key(returned.shop_id)))
    return task
