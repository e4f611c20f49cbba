"""What is kept for a period only, by purpose: set by the owner, carried out at night in portions.

Never touches a case that is not finished, nor one with a tag of HOLD_TAGS. Off unless a period is set.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from anshin.cases import events
from anshin.cases.actions import indexing
from anshin.cases.actions.emptying import (
    empty_cases,
    empty_files,
    empty_messages,
    empty_originals,
    empty_reports,
    erased_words,
)
from anshin.cases.actions.erasing import erase_for_age
from anshin.cases.actions.refusals import CannotErase
from anshin.cases.models import BounceReport, Case, Message, RetentionPeriod
from anshin.cases.ports import keepers
from anshin.cases.terms import RetentionPurpose, Status
from anshin.commerce import queries as commerce
from anshin.commerce.actions import erase_arrived_orders
from anshin.plumbing.files import removal
from anshin.plumbing.journal.actions import Fact, record, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop

HOLD_TAGS: Final = ("保存", "keep")
"""Cases with one of these tags are kept whatever the periods say: a quarrel, an authority's request."""
AT_ONCE: Final = 50
MOST_A_NIGHT: Final = 5_000
_MOST_NAMED = 200
_BY = Actor.system("retention")


def retention_of(shop: Shop) -> dict[str, int]:
    """Days by purpose; a purpose without a period is missing."""
    return dict(RetentionPeriod.objects.filter(shop=shop).values_list("purpose", "days"))


@transaction.atomic
def set_retention(*, by: Membership, days: Mapping[RetentionPurpose, int], now: datetime) -> None:
    """Keep what these purposes name for so many days, 0 for ever. Nothing goes before the night. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    former = retention_of(by.shop)
    for purpose, period in days.items():
        if former.get(purpose, 0) == period:
            continue
        if period:
            RetentionPeriod.objects.update_or_create(shop=by.shop, purpose=purpose, defaults={"days": period})
        else:
            RetentionPeriod.objects.filter(shop=by.shop, purpose=purpose).delete()
        fact = events.RetentionSet(purpose=purpose, days=period)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


def preview_retention(*, by: Membership, days: Mapping[RetentionPurpose, int], now: datetime) -> dict[str, int]:
    """How many cases (of CUSTOMERS: people) each purpose would reach tonight. Changes nothing. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    found = {}
    for purpose, period in days.items():
        if period and purpose == RetentionPurpose.CUSTOMERS:
            found[purpose.value] = _quiet(by.shop, period, now).count()
        elif period:
            found[purpose.value] = _due(by.shop_id, purpose, period, now).count()
    return found


def apply_retention(*, now: datetime) -> int:
    """Take away what was kept for long enough in all shops, in portions of AT_ONCE; how many cases and customers."""
    done = 0
    for rule in RetentionPeriod.objects.select_related("shop").order_by("shop_id", "purpose"):
        count = 0
        while done + count < MOST_A_NIGHT and (portion := _portion(rule, now)):
            count += portion
        if count:
            with transaction.atomic():
                fact = events.RetentionApplied(purpose=rule.purpose, case_count=count)
                record(fact, shop_id=rule.shop_id, by=_BY, now=now)
        done += count
    with removal.without_traces(), transaction.atomic():
        erase_arrived_orders(now=now)
    return done


def _portion(rule: RetentionPeriod, now: datetime) -> int:
    if rule.purpose == RetentionPurpose.CUSTOMERS:
        return _forget_people(rule, now)
    with removal.without_traces(), transaction.atomic():
        due = _due(rule.shop_id, rule.purpose, rule.days, now).select_for_update(of=("self",))
        case_ids = list(due.order_by("id").values_list("pk", flat=True)[:AT_ONCE])
        if not case_ids:
            return 0
        messages = dict(Message.objects.filter(case_id__in=case_ids).values_list("pk", "case_id"))
        freed = _empty(rule, case_ids, tuple(messages), now)
        why = rule.purpose if rule.purpose in _PARTS else "retention"
        facts = []
        for case_id in case_ids:
            mine = tuple(sorted(pk for pk, owner in messages.items() if owner == case_id))[:_MOST_NAMED]
            facts.append(Fact(events.CaseEmptied(message_ids=mine, why=why), _BY, now, case_id=case_id))
        record_many(facts, shop_id=rule.shop_id, now=now)
        indexing.forget(case_ids, shop_id=rule.shop_id, now=now)
        removal.let_go(freed, shop_id=rule.shop_id, now=now)
    return len(case_ids)


def _empty(rule: RetentionPeriod, case_ids: list[int], message_ids: tuple[int, ...], now: datetime) -> list[int]:
    if take := _PARTS.get(rule.purpose):
        return take(rule.shop_id, message_ids, now)
    words, _name = erased_words()
    freed = empty_messages(message_ids, words=words) + empty_cases(case_ids, words=words, now=now)
    for keeper in keepers.get():
        freed += keeper.erase(shop_id=rule.shop_id, message_ids=message_ids, mail_keys=(), now=now)
    return freed


def _originals(shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
    freed = empty_originals(message_ids)
    for keeper in keepers.get():
        freed += keeper.erase_originals(shop_id=shop_id, message_ids=message_ids, now=now)
    return freed


def _files(shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
    freed, gone = empty_files(message_ids, now=now)
    for keeper in keepers.get():
        freed += keeper.erase_files(shop_id=shop_id, message_ids=message_ids, gone=gone, now=now)
    return freed


def _reports(shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
    freed = empty_reports(message_ids)
    for keeper in keepers.get():
        freed += keeper.erase_reports(shop_id=shop_id, message_ids=message_ids, now=now)
    return freed


def _copies(shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG001  one form for all
    for keeper in keepers.get():
        keeper.erase_copies(shop_id=shop_id, message_ids=message_ids)
    return []


_PARTS: Final[Mapping[str, Callable[[int, tuple[int, ...], datetime], list[int]]]] = {
    RetentionPurpose.ORIGINALS: _originals,
    RetentionPurpose.FILES: _files,
    RetentionPurpose.REPORTS: _reports,
    RetentionPurpose.COPIES: _copies,
}
"""Purposes that take a part of each message and leave its text."""


def _forget_people(rule: RetentionPeriod, now: datetime) -> int:
    """Each in a transaction of their own; how many."""
    people = list(_quiet(rule.shop, rule.days, now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    count = 0
    for customer_id in people:
        with contextlib.suppress(CannotErase):  # somebody has just opened a case again
            erase_for_age(shop=rule.shop, customer_id=customer_id, who=_BY, on=now.date(), now=now)
            count += 1
    return count


def _quiet(shop: Shop, days: int, now: datetime) -> QuerySet[Customer]:
    """Customers who neither ordered nor wrote for so long, and none of whose cases is unfinished or to be kept."""
    before = now - timedelta(days=days)
    theirs = Case.objects.filter(Q(customer=OuterRef("pk")) | Q(merged_into__customer=OuterRef("pk")), shop=shop)
    unfinished = ~Q(status__in=[Status.CLOSED, Status.SPAM]) | Q(last_activity_at__gte=before)
    return commerce.quiet_customers(shop, before=before).exclude(
        Exists(theirs.filter(unfinished | Q(case_tags__tag__name__in=HOLD_TAGS)))
    )


def _due(shop_id: int, purpose: str, days: int, now: datetime) -> QuerySet[Case]:
    """Finished cases whose period is over and in which there is something left to take."""
    before = now - timedelta(days=days)
    rows = Case.objects.filter(shop_id=shop_id).exclude(case_tags__tag__name__in=HOLD_TAGS)
    if purpose == RetentionPurpose.SPAM:
        return rows.filter(status=Status.SPAM, last_activity_at__lt=before, emptied_at=None)
    rows = rows.filter(status=Status.CLOSED, closed_at__lt=before, last_activity_at__lt=before)
    if purpose == RetentionPurpose.TEXTS:
        return rows.filter(emptied_at=None)
    messages = Message.objects.filter(case=OuterRef("pk"))
    if purpose == RetentionPurpose.FILES:
        return rows.filter(Exists(messages.filter(file_count__gt=0)))
    if purpose == RetentionPurpose.REPORTS:
        told = Q(raw_blob__isnull=False) | ~Q(address="") | ~Q(words="")
        return rows.filter(Exists(BounceReport.objects.filter(told, message__case=OuterRef("pk"))))
    if purpose == RetentionPurpose.COPIES:
        copied = Q()
        for keeper in keepers.get():
            copied |= Q(pk__in=keeper.copied_messages(shop_id))
        return rows.filter(Exists(messages.filter(copied)))
    kept = Q(raw_blob__isnull=False) | Q(html_blob__isnull=False) | Q(file_count__gt=0)
    return rows.filter(Exists(messages.filter(kept)))
