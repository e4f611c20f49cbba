"""Pages of products that bring returns: one task a product, however many returns there are."""

from django.db import models

from anshin.returns.terms import ImprovementState, Reason


class ImprovementTask(models.Model):
    """The page of one product should be looked at. There is one row a product for ever; it opens again if it goes on.

    `reason`, `returns` and `sold` say why it was opened the last time. What was ordered before `counts_from` saw the
    page as it was, and does not count any more.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    product_key = models.CharField(max_length=300)  # rules.improving.product_key
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ImprovementState.choices, default=ImprovementState.OPEN)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    returns = models.PositiveIntegerField()
    sold = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "product_key"], name="returns_improvement_once")]
        indexes = [models.Index(fields=["shop", "state", "-opened_at", "-id"], name="returns_improvements")]

    def __str__(self) -> str:
        return self.name


class ImprovementOutcome(models.Model):
    """What somebody has changed on the page, or why nothing was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(ImprovementTask, on_delete=models.CASCADE, related_name="outcomes")
    state = models.CharField(max_length=10, choices=ImprovementState.choices)
    what = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.state}"
