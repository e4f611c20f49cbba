"""Addresses that are told, what they are told, to whom it went, and each try."""

from django.db import models
from django.db.models import Q

from anshin.integrations.terms import DeliveryState, Failing, WebhookState


class Webhook(models.Model):
    """An address of another program. `secret` and `former_secret` are sealed (plumbing.secrets).

    `failing_since_at`: since when nothing has arrived; `next_try_at`: before that nothing is tried.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)  # codes of terms.EventType, sorted
    state = models.CharField(max_length=10, choices=WebhookState.choices, default=WebhookState.ACTIVE)
    secret = models.CharField(max_length=300)
    former_secret = models.CharField(max_length=300, blank=True)
    former_until_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    failing_since_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WebhookState.values), name="integrations_webhook_state"),
            models.CheckConstraint(
                condition=Q(former_secret="", former_until_at__isnull=True)
                | (~Q(former_secret="") & Q(former_until_at__isnull=False)),
                name="integrations_webhook_former",
            ),
        ]
        indexes = [models.Index(fields=["shop", "id"], name="integrations_webhook_list")]

    def __str__(self) -> str:
        return self.url


class Telling(models.Model):
    """One event as other programs hear of it: the same `key` and the same bytes, however often and to whom it goes.

    `entry_id` is the journal's; null for a test.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=40)  # webhook-id
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="integrations_telling_key_once"),
            models.UniqueConstraint(
                fields=["shop", "entry_id"], condition=Q(entry_id__isnull=False), name="integrations_telling_entry_once"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "at", "id"], name="integrations_telling_list"),
            models.Index(fields=["at"], name="integrations_telling_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class Delivery(models.Model):
    """A telling on its way to one address. `tries` are those since it was last asked for."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    telling = models.ForeignKey(Telling, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "telling"], name="integrations_delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="integrations_delivery_state"),
        ]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="integrations_delivery_list"),
            models.Index(
                fields=["webhook", "state", "id"],
                condition=~Q(state=DeliveryState.DELIVERED),
                name="integrations_delivery_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.telling_id} → {self.webhook_id}: {self.state}"


class Attempt(models.Model):
    """One try to deliver. `status` null: there was no answer. Units: `took_ms` milliseconds."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    failing = models.CharField(max_length=12, choices=Failing.choices, blank=True)
    took_ms = models.PositiveIntegerField()
    said = models.CharField(max_length=500, blank=True)  # first signs of the answer

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="integrations_attempt_list")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status}"
