"""A fact of the journal becomes a telling for the addresses that want it: one key, the same bytes for all."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases.queries import case_numbers
from anshin.integrations import events, rules
from anshin.integrations.actions.refusals import UnknownWebhook
from anshin.integrations.actions.sending import ask_to_send, enqueue_delivery
from anshin.integrations.actions.webhooks import locked_webhook
from anshin.integrations.models import Delivery, Telling, Webhook
from anshin.integrations.terms import TEST_EVENT, DeliveryState, WebhookState
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.queries import shop_by_id

if TYPE_CHECKING:
    from anshin.plumbing.journal.models import JournalEntry
    from anshin.shops.models import Membership, Shop

KEPT_FOR = timedelta(days=30)
MOST_AGAIN = 10_000


def tell(entry: JournalEntry, *, now: datetime) -> Telling | None:
    """What goes out about a fact; None where no address wants it. Asked twice: the same one, and nothing further.

    Inside the transaction of the reaction.
    """
    kind = rules.type_of(entry.event, entry.payload)
    hooks = [
        hook
        for hook in Webhook.objects.filter(shop_id=entry.shop_id).order_by("id")
        if kind in hook.types and hook.created_at <= entry.at
    ]
    if not kind or not hooks:
        return None
    known = Telling.objects.filter(shop_id=entry.shop_id, entry_id=entry.pk).first()
    if known is not None:
        return known
    shop = shop_by_id(entry.shop_id)
    data = _about(shop, entry)
    told = _telling(shop, kind, data, at=entry.at, entry_id=entry.pk)
    _deliver(told, hooks, now=now)
    return told


@transaction.atomic
def send_test(*, by: Membership, webhook_id: int, now: datetime) -> Telling:
    """Something to try an address with, also while it is paused. Raises NotAllowed, UnknownWebhook."""
    hook = locked_webhook(by, webhook_id)
    told = _telling(by.shop, TEST_EVENT, {"words": "Hello from Anshin"}, at=now, entry_id=None)
    delivery = Delivery.objects.create(
        shop_id=hook.shop_id, webhook=hook, telling=told, state=DeliveryState.WAITING, next_try_at=now
    )
    enqueue_delivery(delivery.pk, shop_id=hook.shop_id, at=now, now=now)
    return told


@transaction.atomic
def send_again(*, by: Membership, webhook_id: int, delivery_id: int, now: datetime) -> None:
    """One telling once more, under the same key. Raises NotAllowed, UnknownWebhook."""
    hook = locked_webhook(by, webhook_id)
    rows = Delivery.objects.filter(webhook=hook, pk=delivery_id)
    if not rows.exists():
        raise UnknownWebhook
    _again(by, hook, ask_to_send(rows, now=now), now)


@transaction.atomic
def send_all_again(*, by: Membership, webhook_id: int, since: datetime, now: datetime) -> int:
    """Everything that happened since then and that the address wants, once more, under the same keys; how many.

    At most 10,000, the oldest first. Raises NotAllowed, UnknownWebhook.
    """
    hook = locked_webhook(by, webhook_id)
    happened = Telling.objects.filter(shop_id=hook.shop_id, at__gte=since, type__in=hook.types).order_by("at", "id")
    wanted = list(happened.values_list("id", flat=True)[:MOST_AGAIN])
    known = set(Delivery.objects.filter(webhook=hook, telling__in=wanted).values_list("telling_id", flat=True))
    Delivery.objects.bulk_create(
        Delivery(shop_id=hook.shop_id, webhook=hook, telling_id=pk, state=DeliveryState.HELD)
        for pk in wanted
        if pk not in known
    )
    sent = 0
    for start in range(0, len(wanted), 500):
        rows = Delivery.objects.filter(webhook=hook, telling__in=wanted[start : start + 500])
        sent += ask_to_send(rows, now=now)
    _again(by, hook, sent, now)
    return sent


def forget_tellings(*, now: datetime) -> int:
    """Forget what was told a month ago, with its log, in all shops; how many."""
    old = Telling.objects.filter(at__lt=now - KEPT_FOR)
    count = 0
    while portion := list(old.order_by("at").values_list("id", flat=True)[:1000]):
        Telling.objects.filter(pk__in=portion).delete()
        count += len(portion)
    return count


def _again(by: Membership, hook: Webhook, count: int, now: datetime) -> None:
    fact = events.EventsSentAgain(webhook_id=hook.pk, url=hook.url, count=count)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


def _about(shop: Shop, entry: JournalEntry) -> dict[str, object]:
    data = rules.about(entry.event, entry.payload)
    if entry.case_id is not None and (number := case_numbers(shop, [entry.case_id]).get(entry.case_id)):
        data["case_number"] = number
    return data


def _telling(shop: Shop, kind: str, data: Mapping[str, object], *, at: datetime, entry_id: int | None) -> Telling:
    body = {
        "type": kind,
        "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "shop": shop.slug,
        "data": dict(sorted(data.items())),
    }
    return Telling.objects.create(
        shop=shop,
        entry_id=entry_id,
        key=f"msg_{secrets.token_hex(14)}",
        type=kind,
        at=at,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    )


def _deliver(told: Telling, hooks: Iterable[Webhook], *, now: datetime) -> None:
    for hook in hooks:
        is_active = hook.state == WebhookState.ACTIVE
        delivery = Delivery.objects.create(
            shop_id=hook.shop_id,
            webhook=hook,
            telling=told,
            state=DeliveryState.WAITING if is_active else DeliveryState.HELD,
            next_try_at=now if is_active else None,
        )
        if is_active:
            enqueue_delivery(delivery.pk, shop_id=hook.shop_id, at=now, now=now)
