"""What is paid back for a return, with its arithmetic line by line."""

from django.db import models
from django.db.models import Q

from anshin.returns.models.returns import Return
from anshin.returns.terms import ItemKind, SettlementKind


class Settlement(models.Model):
    """One calculation of one return and order; confirmed at most once, then money moves. What the customer laid out for
    the shop is a calculation of its own, since it is no part of the price.

    `total_yen` goes back as money, `points` as points, `tax_yen` are the tax within the total. `return_postage_yen` is
    what the shop pays the carrier.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="settlements", db_index=False)
    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=SettlementKind.choices, default=SettlementKind.GOODS)
    version = models.PositiveSmallIntegerField()
    total_yen = models.BigIntegerField()
    points = models.BigIntegerField(default=0)
    coupon_yen = models.BigIntegerField(default=0)  # share of a coupon that is given anew
    by_rate = models.JSONField(default=dict)  # {"10": [yen with tax, tax], "8": …}
    return_postage_yen = models.BigIntegerField(default=0)
    way = models.CharField(max_length=12, blank=True)  # how the money goes back, a code of commerce
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    refund = models.PositiveBigIntegerField(null=True)  # id of the refund in commerce
    points_given_at = models.DateTimeField(null=True)  # since when the customer has points and coupon again
    points_given_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    is_current = models.BooleanField(default=True)  # no later calculation took its place
    is_closed = models.BooleanField(default=False)  # its money has moved; what arrived later is calculated by itself
    covers = models.JSONField(default=dict, blank=True)  # {line id: [pieces paid for so far, newest part looked at]}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["returned", "order", "kind", "version"], name="returns_settlement_version"),
            models.UniqueConstraint(
                fields=["returned", "order", "kind"], condition=Q(is_current=True), name="returns_settlement_current"
            ),
            models.CheckConstraint(condition=Q(total_yen__gte=0) & Q(points__gte=0), name="returns_settlement_sign"),
        ]

    def __str__(self) -> str:
        return f"{self.returned_id} v{self.version}: {self.total_yen}"


class SettlementItem(models.Model):
    """One line of the arithmetic; negative amounts are taken off."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="items", db_index=False)
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=ItemKind.choices)
    label = models.CharField(max_length=300, blank=True)  # name of the goods, reason of a deduction
    unit_price_yen = models.BigIntegerField(default=0)
    quantity = models.PositiveIntegerField(default=1)
    amount_yen = models.BigIntegerField()
    tax_rate = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["settlement", "place"], name="returns_item_place_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_yen}"
