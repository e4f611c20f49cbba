"""Tables of the live pages: events of the last hour for replay, and who is where right now."""

from django.db import models


class LiveEvent(models.Model):
    """Something that open pages of one shop should hear of. Kept for an hour so that a page can catch up."""

    id = models.BigAutoField(primary_key=True)
    shop_id = models.BigIntegerField()
    channel = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "id"], name="live_by_shop"),
            models.Index(fields=["at"], name="live_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.channel} #{self.pk}"


class Presence(models.Model):
    """One member of staff looking at one thing, as last heard of."""

    shop_id = models.BigIntegerField()
    subject = models.CharField(max_length=64)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    is_writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "subject", "person_id"], name="live_one_presence_per_subject"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="live_presence_by_age")]

    def __str__(self) -> str:
        return f"{self.name} at {self.subject}"
