"""Where returns go beside the shop's usual address: a second warehouse, a maker who repairs."""

from django.db import models
from django.db.models import Q


class ReturnPlace(models.Model):
    """One address. A return all of whose items begin with one of `sku_starts` goes there by itself."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)  # as staff call it
    address_name = models.CharField(max_length=200)
    postcode = models.CharField(max_length=16)
    lines = models.CharField(max_length=400)
    phone = models.CharField(max_length=40)
    sku_starts = models.JSONField(default=list, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], condition=Q(retired_at=None), name="returns_place_once"),
        ]
        indexes = [models.Index(fields=["shop", "id"], name="returns_places")]

    def __str__(self) -> str:
        return self.name
