"""What somebody has under way: unfinished cases, drafts, replies that leave later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.models import Case, Draft, Message
from anshin.cases.terms import Delivery, Status

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class Work:
    """How much of each. `replies`: those that leave at a moment still to come, or wait for approval."""

    cases: int
    drafts: int
    replies: int


def unfinished_of(member: Membership) -> QuerySet[Case]:
    """The member's cases that are not closed, and no spam."""
    ended = (Status.CLOSED, Status.SPAM)
    return Case.objects.filter(shop_id=member.shop_id, owner=member, merged_into=None).exclude(status__in=ended)


def work_of(member: Membership, *, now: datetime) -> Work:
    """Four queries."""
    mine = Message.objects.filter(shop_id=member.shop_id, author=member)
    waiting = mine.filter(delivery=Delivery.APPROVAL).count()
    return Work(
        cases=unfinished_of(member).count(),
        drafts=Draft.objects.filter(shop_id=member.shop_id, author=member).exclude(text="").count(),
        replies=waiting + mine.filter(delivery=Delivery.HELD, leaves_at__gt=now).count(),
    )
