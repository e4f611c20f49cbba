"""For how long a shop keeps what."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import RetentionPurpose


class RetentionPeriod(models.Model):
    """For how many days a shop keeps something after its cases ended; no row: for ever."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(max_length=12, choices=RetentionPurpose.choices)
    days = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "purpose"], name="cases_retention_once"),
            models.CheckConstraint(condition=Q(days__gte=30), name="cases_retention_a_month_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.days}"
