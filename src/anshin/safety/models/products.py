"""What an advisory is about, as its publisher says it, and which products of the shop that is."""

from django.db import models
from django.db.models import Q

from anshin.safety.models.advisories import Advisory
from anshin.safety.terms import MatchReason, MatchState


class AffectedProduct(models.Model):
    """One product as the publisher names it. Empty fields are not known; `lots` are ranges or single lots.

    `lots` is a list of [from, to] texts, compared by rules/lots.py; both ends belong to it.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="products", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    sku = models.CharField(max_length=80, blank=True)
    model_number = models.CharField(max_length=120, blank=True)
    lots = models.JSONField(default=list)
    sold_from = models.DateField(null=True)
    sold_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "position"], name="safety_affected_once"),
            models.CheckConstraint(
                condition=~Q(name="", gtin="", sku="", model_number=""), name="safety_affected_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.model_number or self.gtin or self.sku


class ProductMatch(models.Model):
    """A product of the shop that may be meant, with why; a person says whether it is. `certainty` in percent."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    affected = models.ForeignKey(AffectedProduct, on_delete=models.CASCADE, related_name="matches", db_index=False)
    product = models.ForeignKey("commerce.Product", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=MatchReason.choices)
    certainty = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.PROPOSED)
    decided_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["affected", "product"], name="safety_match_once"),
            models.CheckConstraint(condition=Q(certainty__lte=100), name="safety_match_certainty"),
        ]

    def __str__(self) -> str:
        return f"{self.affected_id}: {self.product_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet if this is the product."""
        return self.state == MatchState.PROPOSED
