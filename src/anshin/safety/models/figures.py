"""Figures that no other row holds: how often a notice was shown on pages, and how many items are thrown away."""

from django.db import models
from django.db.models import Q

from anshin.safety.models.advisories import Advisory


class PageShow(models.Model):
    """How many answers with this notice shops' pages got on one day (UTC), and when the first of them.

    Whose they were nobody knows. What browsers and proxies keep for some seconds is not in it.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="shows", db_index=False)
    on = models.DateField()
    first_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "on"], name="safety_shown_once_a_day")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.on}"


class ScrapEstimate(models.Model):
    """How many affected items a person estimates are thrown away without a word (推定廃棄数), and on what ground.

    Only ever added: a report of a former time says what was estimated then.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="estimates", db_index=False)
    items = models.PositiveIntegerField()
    ground = models.CharField(max_length=300)
    by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(ground=""), name="safety_estimate_has_a_ground")]
        indexes = [models.Index(fields=["advisory", "id"], name="safety_estimates")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.items}"
