"""What a shop sets: within which time whom it answers, and what it does after a case has ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events
from anshin.cases.actions.refusals import Refused
from anshin.cases.actions.topics import UnknownTopic
from anshin.cases.models import Aftercare, ServiceTarget
from anshin.cases.queries.targets import aftercare_of
from anshin.cases.queries.topics import topic_codes
from anshin.cases.rules import Target
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_MINUTES = 60 * 24 * 30
_COUNT_ANEW = "anshin.cases.jobs.count_anew"


class BadTarget(Refused):
    """A target that says nothing, or says it of cases for which it stands elsewhere."""


@transaction.atomic
def set_target(
    *,
    by: Membership,
    channel: str = "",
    topic: str = "",
    priority: str = "",
    answer_minutes: int | None,
    resolution_minutes: int | None,
    now: datetime,
) -> None:
    """What is wanted of the cases of a channel, a topic, a priority ("" any); what was said of them before goes.

    Open cases follow by a job. Raises NotAllowed, UnknownTopic, BadTarget.
    """
    require(by, Permission.SET_TARGETS)
    if topic and topic not in topic_codes(by.shop):
        raise UnknownTopic
    minutes = [each for each in (answer_minutes, resolution_minutes) if each is not None]
    if not minutes or not all(0 < each <= LONGEST_MINUTES for each in minutes):
        raise BadTarget(_("Fill in a time for the answer or for the resolution, of at most 30 days."))
    if answer_minutes and not (channel or topic or priority):
        raise BadTarget(_("The general time for an answer stands in the settings of the shop. Change it there."))
    kind = {"channel": channel, "topic": topic, "priority": priority}
    wanted = {"answer_minutes": answer_minutes, "resolution_minutes": resolution_minutes}
    found = ServiceTarget.objects.select_for_update().filter(shop_id=by.shop_id, **kind).first()
    if found and (found.answer_minutes, found.resolution_minutes) == (answer_minutes, resolution_minutes):
        return
    ServiceTarget.objects.update_or_create(
        shop_id=by.shop_id, channel=channel, topic=topic, priority=priority, defaults=wanted
    )
    fact = events.TargetSet(**kind, answer_minutes=answer_minutes or 0, resolution_minutes=resolution_minutes or 0)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    ask_to_count_anew(by.shop_id, now=now)


@transaction.atomic
def remove_target(*, by: Membership, target_id: int, now: datetime) -> Target | None:
    """Let the more general targets hold again; what was removed, None when it was gone already. Raises NotAllowed."""
    require(by, Permission.SET_TARGETS)
    found = ServiceTarget.objects.filter(shop_id=by.shop_id, pk=target_id).first()
    if found is None:
        return None
    kind = {"channel": found.channel, "topic": found.topic, "priority": found.priority}
    found.delete()
    record(events.TargetRemoved(**kind), shop_id=by.shop_id, by=shops.actor(by), now=now)
    ask_to_count_anew(by.shop_id, now=now)
    return Target(**kind, answer_minutes=found.answer_minutes, resolution_minutes=found.resolution_minutes)


@transaction.atomic
def set_aftercare(*, by: Membership, follow_up_days: int, second_contact_days: int, now: datetime) -> None:
    """After how many days we ask after a case, and for how many a new one belongs to it; 0 never. Raises NotAllowed."""
    require(by, Permission.SET_TARGETS)
    present = aftercare_of(by.shop)
    if (present.follow_up_days, present.second_contact_days) == (follow_up_days, second_contact_days):
        return
    wanted = {"follow_up_days": follow_up_days, "second_contact_days": second_contact_days}
    Aftercare.objects.update_or_create(shop_id=by.shop_id, defaults=wanted)
    record(events.AftercareSet(**wanted), shop_id=by.shop_id, by=shops.actor(by), now=now)


def ask_to_count_anew(shop_id: int, *, now: datetime) -> None:
    """Have the deadlines of the shop's open cases counted again; asked twice it is done once."""
    enqueue(_COUNT_ANEW, unique_key=f"count_anew:{shop_id}", shop_id=shop_id, now=now)
