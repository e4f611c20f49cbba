"""What payment providers report by themselves: notices as they came, and disputes that they told of."""

from django.db import models
from django.db.models import Q

from anshin.commerce.models.orders import Order, Payment
from anshin.commerce.terms import DisputeState, NoticeOutcome, PaymentProvider


class PaymentNotice(models.Model):
    """One proved notice, byte for byte as it was posted; kept before it is read, once by the provider's number."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    provider = models.CharField(max_length=10, choices=PaymentProvider.choices)
    number = models.CharField(max_length=120)
    body = models.BinaryField()
    came_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=NoticeOutcome.choices, default=NoticeOutcome.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "provider", "number"], name="commerce_notice_once"),
            models.CheckConstraint(
                condition=Q(outcome=NoticeOutcome.WAITING, read_at__isnull=True)
                | ~Q(outcome=NoticeOutcome.WAITING) & Q(read_at__isnull=False),
                name="commerce_notice_read_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["came_at"], name="commerce_notice_age")]

    def __str__(self) -> str:
        return self.number


class Dispute(models.Model):
    """A cardholder's dispute about a payment, as the provider showed it last. Open or lost, its money is gone."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="disputes", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.SET_NULL, null=True, related_name="disputes")
    reference = models.CharField(max_length=120)
    amount_yen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=DisputeState.choices)
    reason = models.CharField(max_length=80, blank=True)  # the provider's word
    respond_by = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "reference"], name="commerce_dispute_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="commerce_dispute_of_something"),
        ]
        indexes = [models.Index(fields=["order", "id"], name="commerce_dispute_of_order")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount_yen} {self.state}"
