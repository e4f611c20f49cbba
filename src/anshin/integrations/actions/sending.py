"""A telling leaves: one try, its line in the log, and when the next one is. At least once, always under its own key."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.integrations import events, rules
from anshin.integrations.models import Attempt, Delivery, Webhook
from anshin.integrations.ports import messenger
from anshin.integrations.queries.webhooks import secrets_of
from anshin.integrations.terms import DeliveryState, Told, WebhookState
from anshin.plumbing.jobs.execute import finishing
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops.actions.telling import tell_owners

if TYPE_CHECKING:
    from django.db.models import QuerySet

USER_AGENT = "Anshin-Webhooks/1"
POSTMAN = Actor(kind="system", id=None, name="webhooks")
_JOB = "anshin.integrations.jobs.deliver"


def ask_to_send(deliveries: QuerySet[Delivery], *, now: datetime) -> int:
    """Let these leave now, with all tries again; how many. Inside a transaction."""
    ids = list(deliveries.order_by("id").values_list("id", "shop_id"))
    deliveries.update(state=DeliveryState.WAITING, tries=0, next_try_at=now, delivered_at=None)
    for pk, shop_id in ids:
        enqueue_delivery(pk, shop_id=shop_id, at=now, now=now)
    return len(ids)


def enqueue_delivery(delivery_id: int, *, shop_id: int, at: datetime, now: datetime) -> None:
    """A job for one try at a moment."""
    key = f"webhook delivery {delivery_id} {at.isoformat()}"
    enqueue(_JOB, delivery_id, shop_id=shop_id, run_at=at, unique_key=key, now=now)


def deliver(*, delivery_id: int, now: datetime) -> Delivery | None:
    """Bring one telling to its address, unless it is there, held or too early. Run by a job; may run twice.

    The address is asked outside of any transaction; what came of it, and when it is tried again, is one.
    """
    delivery = Delivery.objects.select_related("webhook__shop", "telling").filter(pk=delivery_id).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return delivery
    hook = delivery.webhook
    if hook.next_try_at and hook.next_try_at > now:  # it is not well: nothing counts as a try until then
        with finishing():
            _postpone(delivery, hook.next_try_at, now=now)
        return delivery
    if delivery.next_try_at and delivery.next_try_at > now:
        return delivery
    body = delivery.telling.body.encode("utf-8")
    told = messenger.get().tell(
        hook.url,
        body=body,
        headers={
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": delivery.telling.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": rules.signature(
                secrets_of(hook, now=now), key=delivery.telling.key, at=now, body=body
            ),
        },
    )
    with finishing():
        return _settle(delivery_id, told, now=now)


def _settle(delivery_id: int, told: Told, *, now: datetime) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("telling").get(pk=delivery_id)
    hook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    Attempt.objects.create(
        shop_id=delivery.shop_id,
        delivery=delivery,
        at=now,
        status=told.status,
        failing=told.failing or "",
        took_ms=told.took_ms,
        said=told.said[:500],
    )
    if delivery.state != DeliveryState.WAITING:  # another try has come through meanwhile, or somebody paused it
        return delivery
    delivery.tries += 1
    if told.failing is None:
        delivery.state, delivery.delivered_at, delivery.next_try_at = DeliveryState.DELIVERED, now, None
        hook.failing_since_at, hook.failures, hook.next_try_at = None, 0, None
    else:
        _after_failure(delivery, hook, told, now=now)
    delivery.save(update_fields=["state", "tries", "next_try_at", "delivered_at"])
    hook.save(update_fields=["state", "failing_since_at", "failures", "next_try_at"])
    if hook.state == WebhookState.STOPPED:
        hold_back(hook)
    return delivery


def _after_failure(delivery: Delivery, hook: Webhook, told: Told, *, now: datetime) -> None:
    hook.failing_since_at = hook.failing_since_at or now
    hook.failures = min(hook.failures + 1, 30_000)
    roll = random.random()  # noqa: S311  spreads the load, guards nothing
    wait = rules.wait_after(delivery.tries, roll=roll, asked_seconds=told.retry_after_seconds)
    if rules.wants_nothing_more(told.status) or _is_dead(hook, now):
        delivery.state, delivery.next_try_at = DeliveryState.HELD, None
        _stop(hook, now=now)
    elif wait is None:
        delivery.state, delivery.next_try_at = DeliveryState.FAILED, None
    else:
        is_silent = told.status is None or told.retry_after_seconds is not None
        hook.next_try_at = now + rules.pause_after(hook.failures, told.retry_after_seconds) if is_silent else None
        delivery.next_try_at = now + wait
        enqueue_delivery(delivery.pk, shop_id=delivery.shop_id, at=delivery.next_try_at, now=now)


def _is_dead(hook: Webhook, now: datetime) -> bool:
    """Whether nothing at all arrived for as long as one telling is tried."""
    return hook.failing_since_at is not None and now - hook.failing_since_at >= sum(rules.WAITS, timedelta(0))


def _stop(hook: Webhook, *, now: datetime) -> None:
    hook.state, hook.next_try_at = WebhookState.STOPPED, None
    fact = events.WebhookStopped(webhook_id=hook.pk, url=hook.url)
    record(fact, shop_id=hook.shop_id, by=POSTMAN, now=now)
    path = f"/s/{hook.shop.slug}/settings/webhooks/{hook.pk}"

    def words(_language: str) -> tuple[str, str]:
        text = _(
            "%(url)s has taken nothing for three days, or wants nothing any more. What happens is kept for a month. "
            "Mend the other side, then resume it; everything that waits is sent then."
        )
        return _("An address for webhooks was stopped"), text % {"url": hook.url}

    tell_owners(shop=hook.shop, words=words, path=path, now=now)


def _postpone(delivery: Delivery, at: datetime, *, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(next_try_at=at)
    enqueue_delivery(delivery.pk, shop_id=delivery.shop_id, at=at, now=now)


def hold_back(hook: Webhook) -> int:
    """Let what waits for an address wait for a person; how many. Inside a transaction."""
    return _hold(Delivery.objects.filter(webhook=hook))


@transaction.atomic
def hold_after_restore() -> int:
    """Let everything that waits wait for a person: since the backup was made it may have left; how many."""
    return _hold(Delivery.objects.all())


def _hold(deliveries: QuerySet[Delivery]) -> int:
    return deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.HELD, next_try_at=None)
