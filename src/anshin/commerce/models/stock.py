"""How much of a product the shop has, as its own system last told."""

from django.db import models


class Stock(models.Model):
    """The stock of one product at one moment. What nobody told has no row: unknown is not none."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey("commerce.Product", on_delete=models.CASCADE, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    next_on = models.DateField(null=True)  # when more is expected, where that was told
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "product"], name="commerce_stock_once")]
        indexes = [models.Index(fields=["shop", "-told_at"], name="commerce_stock_newest")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.quantity}"
