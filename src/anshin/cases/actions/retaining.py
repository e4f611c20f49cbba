"""What is kept for a period only, by purpose: set by the owner, carried out at night in portions.

Never touches a case that is not finished, nor one with a tag of HOLD_TAGS. Off unless a period is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from anshin.cases import events
from anshin.cases.actions.emptying import empty_cases, empty_messages, empty_originals, erased_words
from anshin.cases.models import Case, Message, RetentionPeriod
from anshin.cases.ports import keepers
from anshin.cases.terms import RetentionPurpose, Status
from anshin.plumbing.files import removal
from anshin.plumbing.journal.actions import Fact, record, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
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
    """How many cases each purpose would reach tonight with these periods. Changes nothing. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    return {purpose: _due(by.shop_id, purpose, period, now).count() for purpose, period in days.items() if period}


def apply_retention(*, now: datetime) -> int:
    """Take away what was kept for long enough in all shops, in portions of AT_ONCE cases; how many cases."""
    done = 0
    for rule in RetentionPeriod.objects.order_by("shop_id", "purpose"):
        count = 0
        while done + count < MOST_A_NIGHT and (portion := _portion(rule, now)):
            count += portion
        if count:
            with transaction.atomic():
                fact = events.RetentionApplied(purpose=rule.purpose, case_count=count)
                record(fact, shop_id=rule.shop_id, by=_BY, now=now)
        done += count
    return done


def _portion(rule: RetentionPeriod, now: datetime) -> int:
    with removal.without_traces(), transaction.atomic():
        due = _due(rule.shop_id, rule.purpose, rule.days, now).select_for_update(of=("self",))
        case_ids = list(due.order_by("id").values_list("pk", flat=True)[:AT_ONCE])
        if not case_ids:
            return 0
        messages = dict(Message.objects.filter(case_id__in=case_ids).values_list("pk", "case_id"))
        freed = _empty(rule, case_ids, tuple(messages), now)
        why = "originals" if rule.purpose == RetentionPurpose.ORIGINALS else "retention"
        facts = []
        for case_id in case_ids:
            mine = tuple(sorted(pk for pk, owner in messages.items() if owner == case_id))[:_MOST_NAMED]
            facts.append(Fact(events.CaseEmptied(message_ids=mine, why=why), _BY, now, case_id=case_id))
        record_many(facts, shop_id=rule.shop_id, now=now)
        removal.let_go(freed, shop_id=rule.shop_id, now=now)
    return len(case_ids)


def _empty(rule: RetentionPeriod, case_ids: list[int], message_ids: tuple[int, ...], now: datetime) -> list[int]:
    if rule.purpose == RetentionPurpose.ORIGINALS:
        freed = empty_originals(message_ids)
        for keeper in keepers.get():
            freed += keeper.erase_originals(shop_id=rule.shop_id, message_ids=message_ids, now=now)
        return freed
    words, _name = erased_words()
    freed = empty_messages(message_ids, words=words) + empty_cases(case_ids, words=words, now=now)
    for keeper in keepers.get():
        freed += keeper.erase(shop_id=rule.shop_id, message_ids=message_ids, mail_keys=(), now=now)
    return freed


def _due(shop_id: int, purpose: str, days: int, now: datetime) -> QuerySet[Case]:
    """Finished cases whose period is over and in which there is something left to take."""
    before = now - timedelta(days=days)
    rows = Case.objects.filter(shop_id=shop_id).exclude(case_tags__tag__name__in=HOLD_TAGS)
    if purpose == RetentionPurpose.SPAM:
        return rows.filter(status=Status.SPAM, last_activity_at__lt=before, emptied_at=None)
    rows = rows.filter(status=Status.CLOSED, closed_at__lt=before, last_activity_at__lt=before)
    if purpose == RetentionPurpose.TEXTS:
        return rows.filter(emptied_at=None)
    kept = Q(raw_blob__isnull=False) | Q(html_blob__isnull=False) | Q(file_count__gt=0)
    return rows.filter(Exists(Message.objects.filter(kept, case=OuterRef("pk"))))
