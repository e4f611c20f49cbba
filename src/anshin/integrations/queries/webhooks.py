"""Addresses that are told: a shop's list, one of them, and the log of what went to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from anshin.integrations.models import Attempt, Delivery, Webhook
from anshin.integrations.terms import DeliveryState
from anshin.plumbing import secrets
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_OPEN = (DeliveryState.WAITING, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """An address with how many tellings have not arrived yet."""

    webhook: Webhook
    waiting: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A telling with its tries, the oldest first."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


def webhooks_of(shop: Shop) -> list[WebhookRow]:
    """The shop's addresses in the order in which they were added: two queries."""
    hooks = list(Webhook.objects.filter(shop=shop).order_by("id"))
    counted = Delivery.objects.filter(webhook__in=hooks, state__in=_OPEN).order_by()
    waiting = dict(counted.values_list("webhook_id").annotate(Count("id"))) if hooks else {}
    return [WebhookRow(hook, waiting.get(hook.pk, 0)) for hook in hooks]


def webhook_by_id(shop: Shop, webhook_id: int) -> Webhook | None:
    """An address of this shop."""
    return Webhook.objects.filter(shop=shop, pk=webhook_id).first()


def deliveries_of(webhook: Webhook, *, only_open: bool = False, cursor: str = "", size: int = 30) -> Page[Delivery]:
    """One page of what goes to an address, the newest first, with the tellings: one query. Raises BadCursor."""
    rows = Delivery.objects.filter(webhook=webhook).select_related("telling")
    if only_open:
        rows = rows.filter(~Q(state=DeliveryState.DELIVERED))
    return page_of(rows, order=("-id",), size=size, cursor=cursor)


def attempts_of(deliveries: Collection[Delivery]) -> list[DeliveryRow]:
    """These deliveries with their tries: one query."""
    found: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(delivery__in=deliveries).order_by("id"):
        found.setdefault(attempt.delivery_id, []).append(attempt)
    return [DeliveryRow(each, tuple(found.get(each.pk, ()))) for each in deliveries]


def held_count(webhook: Webhook) -> int:
    """How many tellings wait for a person."""
    return Delivery.objects.filter(webhook=webhook, state=DeliveryState.HELD).count()


def secrets_of(webhook: Webhook, *, now: datetime) -> list[str]:
    """With what a telling is signed now: the secret, and its predecessor for as long as both count.

    Raises secrets.Unreadable when the installation's own secret is another one.
    """
    both = [secrets.unseal(webhook.secret)]
    if webhook.former_secret and webhook.former_until_at and webhook.former_until_at > now:
        both.append(secrets.unseal(webhook.former_secret))
    return both
