"""Reading of this room: keys, addresses that are told, and what became of each telling."""

from anshin.integrations.queries.keys import find_key, keys_of
from anshin.integrations.queries.listening import forget_listeners, listens
from anshin.integrations.queries.webhooks import (
    DeliveryRow,
    WebhookRow,
    attempts_of,
    deliveries_of,
    held_count,
    secrets_of,
    webhook_by_id,
    webhooks_of,
)

__all__ = [
    "DeliveryRow",
    "WebhookRow",
    "attempts_of",
    "deliveries_of",
    "find_key",
    "forget_listeners",
    "held_count",
    "keys_of",
    "listens",
    "secrets_of",
    "webhook_by_id",
    "webhooks_of",
]
