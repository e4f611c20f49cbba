"""What an owner says of each channel: who is to know when a deadline is near, and who when it is past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.terms import Channel
from anshin.plumbing.journal.actions import record
from anshin.routing import events, queries, rules
from anshin.routing.actions.refusals import PathRefused
from anshin.routing.models import EscalationPath
from anshin.routing.terms import EscalationSteps, PathStep
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def set_paths(*, by: Membership, paths: Mapping[str, EscalationSteps], now: datetime) -> int:
    """Set the paths of these channels; how many are others than before. A standard one leaves no row.

    Raises NotAllowed, PathRefused.
    """
    require(by, Permission.SET_TARGETS)
    names = {str(member.pk): str(member.person) for member in shops.staff_of(by.shop) if _may_receive(member)}
    for channel, steps in paths.items():
        if channel not in Channel.values or not {steps.soon, steps.overdue} <= {*PathStep.values, *names}:
            raise PathRefused(channel)
    before = queries.paths_of(by.shop)
    changed = {channel: steps for channel, steps in paths.items() if before[channel] != steps}
    for channel, steps in changed.items():
        if steps == rules.standard_steps(channel):
            EscalationPath.objects.filter(shop_id=by.shop_id, channel=channel).delete()
        else:
            EscalationPath.objects.update_or_create(
                shop_id=by.shop_id, channel=channel, defaults={"soon": steps.soon, "overdue": steps.overdue}
            )
        said = (names.get(step, step) for step in (steps.soon, steps.overdue))
        record(events.PathSet(channel, *said), shop_id=by.shop_id, by=shops.actor(by), now=now)
    return len(changed)


def _may_receive(member: Membership) -> bool:
    return shops.may(member, Permission.ANSWER)
