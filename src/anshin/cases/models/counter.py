"""What the rail shows without counting."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import Status


class Counter(models.Model):
    """How many cases of a shop stand in one status with one owner (0: nobody); kept up by every write."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    owner_id = models.BigIntegerField(default=0)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "status", "owner_id"], name="cases_counter_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="cases_counter_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.status}/{self.owner_id}: {self.count}"
