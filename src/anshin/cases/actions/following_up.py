"""What comes after a case: it is asked after some days later, and who writes again about it does not begin anew."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.models import Case, OrderLink
from anshin.cases.queries.targets import aftercare_of
from anshin.cases.terms import Resolution, Status
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.queries import facts_of_case
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

MORNING = time(9)
MOST_AT_ONCE = 200
_MOST_EARLIER = 20
_BACK = events.CaseReopened(why="follow_up")


def moment_after_closing(case: Case, shop: Shop, resolution: Resolution, *, now: datetime) -> datetime | None:
    """When the shop asks after a case that ends so; None for one that nobody need, or that was asked after."""
    topics = [code for code, _share in case.topics]
    if not rules.wants_follow_up(topics=topics, tag_names=case.tag_names, resolution=resolution):
        return None
    if any(fact.event == _BACK.name and fact.payload["why"] == _BACK.why for fact in facts_of_case(shop.pk, case.pk)):
        return None
    days, zone = aftercare_of(shop).follow_up_days, ZoneInfo(shop.zone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), MORNING, zone) if days else None


@transaction.atomic
def plan_follow_up(*, by: Membership, case_id: int, on: date | None, now: datetime) -> None:
    """Let a closed case come back in the morning of a day, or never (None). Raises NotAllowed, WrongCase."""
    require(by, Permission.TRIAGE)
    case = standing.locked_case(by.shop_id, case_id)
    zone = ZoneInfo(by.shop.zone)
    if case.status != Status.CLOSED:
        raise WrongCase(_("Only a closed case can be asked after. Close it first."))
    if on is not None and on <= now.astimezone(zone).date():
        raise WrongCase(_("Choose a day in the future."))
    at = datetime.combine(on, MORNING, zone) if on else None
    if case.follow_up_at == at:
        return
    standing.change(case, follow_up_at=at)
    fact = events.FollowUpPlanned(on=on)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    standing.announce(case, "case.status", now=now)


def surface_follow_ups(*, now: datetime) -> int:
    """Bring back closed cases whose day has come, each once. How many."""
    due = Case.objects.filter(follow_up_at__lte=now).order_by("follow_up_at", "id")
    found = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_surface(case_id, now) for case_id in found)


@transaction.atomic
def _surface(case_id: int, now: datetime) -> bool:
    rows = Case.objects.select_for_update(of=("self",)).select_related("shop")
    case = rows.filter(pk=case_id, follow_up_at__lte=now).first()
    if case is None:
        return False
    if case.status != Status.CLOSED or case.emptied_at or case.merged_into_id:
        standing.change(case, follow_up_at=None)
        return False
    standing.change(
        case,
        status=Status.OPEN,
        resolution="",
        closed_at=None,
        follow_up_at=None,
        is_follow_up=True,
        is_unread=True,
        waiting_since_at=now,
        last_activity_at=now,
        **clocks.afresh(case, case.shop, since=now),
    )
    record(_BACK, shop_id=case.shop_id, by=standing.SYSTEM, now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.status", now=now)
    return True


def link_to_first(case: Case, shop: Shop, *, now: datetime) -> None:
    """Let a locked case name the one that ended shortly before, if its customer wrote about the same matter again."""
    if case.first_case_id or case.customer_id is None or case.version > 1:
        return
    days = aftercare_of(shop).second_contact_days
    first = _ended_before(case, days) if days else None
    if first is None:
        return
    standing.change(case, first_case_id=first.pk)
    for about, other, role in ((case, first, "second"), (first, case, "first")):
        fact = events.SecondContact(other_case_id=other.pk, other_number=other.number, role=role)
        record(fact, shop_id=shop.pk, by=standing.SYSTEM, now=now, case_id=about.pk)


def _ended_before(case: Case, days: int) -> Case | None:
    """The customer's case about the same matter that ended last, within so many days before this one began."""
    rows = Case.objects.filter(
        customer=case.customer,
        shop_id=case.shop_id,
        status=Status.CLOSED,
        closed_at__lte=case.created_at,
        closed_at__gte=case.created_at - timedelta(days=days),
        merged_into=None,
        emptied_at=None,
    )
    earlier = list(
        rows.exclude(resolution=Resolution.NOT_A_CASE).exclude(pk=case.pk).order_by("-last_activity_at")[:_MOST_EARLIER]
    )
    if not earlier:
        return None
    orders: dict[int, set[int]] = {}
    links = OrderLink.objects.filter(case_id__in=[case.pk, *(each.pk for each in earlier)])
    for case_id, order_id in links.values_list("case_id", "order_id"):
        orders.setdefault(case_id, set()).add(order_id)
    same = (
        each
        for each in sorted(earlier, key=lambda each: each.closed_at or each.created_at, reverse=True)
        if rules.is_same_matter(
            orders=orders.get(case.pk, ()),
            topics=[code for code, _share in case.topics],
            earlier_orders=orders.get(each.pk, ()),
            earlier_topics=[code for code, _share in each.topics],
        )
    )
    return next(same, None)
