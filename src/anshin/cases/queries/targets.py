"""By what a shop's clocks run: its calendar and its service targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from anshin.cases import rules
from anshin.cases.models import Aftercare, ServiceTarget
from anshin.cases.rules import Aim, Target
from anshin.cases.terms import Priority
from anshin.plumbing.prepared import Prepared
from anshin.shops.queries import Calendar, calendar_of

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Shop

_TARGETS = Prepared(
    lambda shop: (
        ServiceTarget.objects.filter(shop_id=shop)
        .order_by("id")
        .values_list("channel", "topic", "priority", "answer_minutes", "resolution_minutes")
    ),
    shop=int,
)


class Clockwork:
    """What one shop's clocks need, asked for at first use and then kept: three queries for any number of cases."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.shop)

    @cached_property
    def targets(self) -> Sequence[Target]:
        return [Target(*row) for row in _TARGETS.tuples(shop=self.shop.pk)]

    def aim(self, *, channel: str, topic: str, is_urgent: bool) -> Aim:
        """What a case of this kind counts towards."""
        return rules.aim_for(
            self.targets,
            channel=channel,
            topic=topic,
            is_urgent=is_urgent,
            answer_minutes=self.shop.reply_target_minutes,
        )


def aim_of(case: Case) -> Aim:
    """What the case counts towards as things are set now."""
    return Clockwork(case.shop).aim(channel=case.channel, topic=case.topic, is_urgent=case.is_urgent)


def answer_due(shop: Shop, *, channel: str, topic: str, at: datetime) -> datetime:
    """Until when somebody who writes at `at` may expect an answer."""
    work = Clockwork(shop)
    minutes = work.aim(channel=channel, topic=topic, is_urgent=False).answer_minutes
    return work.calendar.after(at, timedelta(minutes=minutes))


def wants_follow_up(case: Case) -> bool:
    """Whether the case, closed as it is, would be asked after some days later."""
    topics = [code for code, _share in case.topics]
    return rules.wants_follow_up(topics=topics, tag_names=case.tag_names, resolution="")


@dataclass(frozen=True, slots=True)
class Level:
    """One line of a shop's service levels; `pk` 0 for what is built in, `is_general` for all cases."""

    pk: int
    target: Target
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """What a shop's service levels are, and the calendar in which they count."""

    levels: Sequence[Level]
    calendar: Calendar


def service_levels(shop: Shop) -> ServiceLevels:
    """The general targets, that of urgent cases, and the shop's own: three queries."""
    rows = list(ServiceTarget.objects.filter(shop=shop).order_by("topic", "channel", "priority", "id"))
    own = [
        Level(each.pk, Target(each.channel, each.topic, each.priority, each.answer_minutes, each.resolution_minutes))
        for each in rows
    ]
    said = next((each for each in own if _kind(each) == ("", "", "")), None)
    resolution = said.target.resolution_minutes if said else None
    general = Target(
        answer_minutes=shop.reply_target_minutes, resolution_minutes=resolution or rules.RESOLUTION_MINUTES
    )
    levels = [Level(said.pk if said else 0, general, is_general=True)]
    if not any(_kind(each) == ("", "", Priority.URGENT) for each in own):
        levels.append(Level(0, Target(priority=Priority.URGENT, answer_minutes=rules.URGENT_MINUTES)))
    return ServiceLevels([*levels, *(each for each in own if each is not said)], calendar_of(shop))


def _kind(level: Level) -> tuple[str, str, str]:
    return level.target.channel, level.target.topic, level.target.priority


def aftercare_of(shop: Shop) -> Aftercare:
    """What the shop does after cases have ended; an unsaved row with our days where it has set none."""
    found = Aftercare.objects.filter(shop=shop).first()
    return found or Aftercare(
        shop=shop, follow_up_days=rules.FOLLOW_UP_DAYS, second_contact_days=rules.SECOND_CONTACT_DAYS
    )
