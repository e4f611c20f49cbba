"""Keys of other programs, and the answers that are kept so that a write is done once."""

from django.db import models
from django.db.models import Q

from anshin.integrations.terms import ROLES


class ApiKey(models.Model):
    """One program's way in. It works for a member of staff and may do at most what they may.

    Of the secret only the digest is kept; `prefix` is by what the key is found and named. The last three columns count
    what was asked for since `window_began_at`.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)  # SHA-256 of the whole key
    scopes = models.JSONField(default=list)  # codes of terms.Scope, sorted
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    window_began_at = models.DateTimeField(null=True)
    window_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix"], name="integrations_key_prefix_once")]
        indexes = [
            models.Index(fields=["shop", "-id"], name="integrations_key_list"),
            models.Index(fields=["member"], name="integrations_key_of_member"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered, or that it is being done right now (`status` null).

    `token` names who does it; `lease_until` is when somebody else may, because that process must be dead.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    token = models.CharField(max_length=32)
    begun_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "word"], name="integrations_answer_once")]
        indexes = [models.Index(fields=["begun_at"], name="integrations_answer_age")]

    def __str__(self) -> str:
        return f"{self.word} {self.status}"


LIVE = Q(revoked_at__isnull=True, member__is_active=True, member__person__is_active=True, member__role__in=ROLES)
"""Keys that nobody has ended; whether their time is over is another question."""
