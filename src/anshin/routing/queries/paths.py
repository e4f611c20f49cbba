"""Escalation paths: who is to know of a channel's cases whose deadline is near or past, and what a path did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.terms import Channel
from anshin.routing import rules
from anshin.routing.models import EscalationPath, PathRun
from anshin.routing.queries.staffing import who_gets
from anshin.routing.terms import EscalationSteps, PathStep, Trigger
from anshin.shops.queries import may
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership, Shop

_MOST_RUNS = 4


def paths_of(shop: Shop) -> dict[str, EscalationSteps]:
    """By channel, the shop's own path or the standard one: one query."""
    own = {row.channel: EscalationSteps(row.soon, row.overdue) for row in EscalationPath.objects.filter(shop=shop)}
    return {channel: own.get(channel) or rules.standard_steps(channel) for channel in Channel.values}


def step_for(shop: Shop, case: Case, moment: Trigger) -> str:
    """The step of a case's channel at this moment: one query."""
    return rules.step_of(paths_of(shop).get(case.channel) or rules.standard_steps(case.channel), moment)


def step_receiver(shop: Shop, case: Case, step: str, *, now: datetime) -> Membership | None:
    """Whom a step means now; None for nobody. Where nobody has the case, or a named person has left, a manager."""
    if step == PathStep.NOBODY:
        return None
    if step == PathStep.HOLDER:
        holder = case.owner
        if holder is not None and holder.is_active and may(holder, Permission.ANSWER):
            return holder
    elif found := who_gets(shop, case, step, now=now):
        return found
    return who_gets(shop, case, PathStep.MANAGER, now=now)


def path_runs_of(by: Membership, case_id: int) -> list[PathRun]:
    """What the path did about a case of the person's shop, the newest first: one query."""
    rows = PathRun.objects.select_related("receiver__person").filter(shop_id=by.shop_id, case_id=case_id)
    return list(rows.order_by("-id")[:_MOST_RUNS])
