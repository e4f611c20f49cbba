"""What is wrong with what arrived, and who decided whose doing it was."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import Fault
from anshin.delivery.terms import ArrivedAs, BoxState, Certainty, TroubleKind, TroubleState


class TroubleNumbering(models.Model):
    """The last number that a shop gave to a trouble."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.last_number}"


class Trouble(models.Model):
    """Something is wrong with what arrived of an order. What was ordered is kept as it stood when it was told."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey("commerce.OrderLine", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=TroubleKind.choices)
    state = models.CharField(max_length=10, choices=TroubleState.choices, default=TroubleState.LOOKING)
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300)
    variant = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    said = models.TextField(blank=True)  # the customer's own words
    arrived_as = models.CharField(max_length=10, choices=ArrivedAs.choices, default=ArrivedAs.NOT_TOLD)
    arrived_words = models.CharField(max_length=300, blank=True)  # what arrived, in words of staff
    box = models.CharField(max_length=10, choices=BoxState.choices, default=BoxState.NOT_TOLD)
    page_differs = models.BooleanField(default=False)  # the page showed something else than was sold
    fault = models.CharField(max_length=12, choices=Fault.choices, blank=True)  # as decided last
    fault_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=60, blank=True)  # under which a room above told it: told once
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="delivery_number_once"),
            models.UniqueConstraint(fields=["shop", "key"], condition=~Q(key=""), name="delivery_key_once"),
            models.CheckConstraint(
                condition=Q(fault="", fault_at__isnull=True) | (~Q(fault="") & Q(fault_at__isnull=False)),
                name="delivery_fault_has_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state=TroubleState.LOOKING) & Q(fault=""))
                | (~Q(state=TroubleState.LOOKING) & ~Q(fault="")),
                name="delivery_looking_without_fault",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="delivery_quantity_positive"),
        ]
        indexes = [
            models.Index(fields=["case"], name="delivery_of_case"),
            models.Index(fields=["order"], name="delivery_of_order"),
            models.Index(fields=["shop", "state", "-created_at", "-id"], name="delivery_list"),
        ]

    def __str__(self) -> str:
        return f"D-{self.number:04}"


class FaultDecision(models.Model):
    """Who decided whose doing it was, why, and on what evidence. A later one overrules, none is changed."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    fault = models.CharField(max_length=12, choices=Fault.choices)
    proposed = models.CharField(max_length=12, choices=Fault.choices)  # what the evidence said at that moment
    certainty = models.CharField(max_length=6, choices=Certainty.choices)
    reason = models.CharField(max_length=500)
    evidence_ids = models.JSONField(default=list)  # of EvidenceFile and PackingRecord: [["file", 3], ["record", 1]]
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="delivery_decision_has_reason")]
        indexes = [models.Index(fields=["trouble", "at", "id"], name="delivery_decisions")]

    def __str__(self) -> str:
        return f"{self.trouble_id}: {self.fault}"
