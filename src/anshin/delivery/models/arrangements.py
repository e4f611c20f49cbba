"""What is done about a trouble: sent again, fetched, paid, shown, agreed."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import Carrier, Fault
from anshin.delivery.models.troubles import Trouble
from anshin.delivery.terms import CostKind, Payer, PickUpState, ReshipmentState, Slot


class Snapshot(models.Model):
    """An order as it stood at one moment: facts as ports.OrderSnapshot has them, sensitive ones masked."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="snapshots")
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.trouble_id}: {self.digest[:12]}"


class Consent(models.Model):
    """The customer agreed to pay, in a message of theirs."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="consents", db_index=False)
    message = models.ForeignKey("cases.Message", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)  # what was agreed
    amount_yen = models.PositiveIntegerField()
    agreed_at = models.DateTimeField()
    recorded_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trouble", "message"], name="delivery_consent_once")]

    def __str__(self) -> str:
        return f"{self.trouble_id}: {self.amount_yen}"


class Reshipment(models.Model):
    """One parcel that is sent again."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="reshipments", db_index=False)
    place = models.PositiveSmallIntegerField()  # first, second … of the trouble
    state = models.CharField(max_length=10, choices=ReshipmentState.choices, default=ReshipmentState.PLANNED)
    payer = models.CharField(max_length=8, choices=Payer.choices)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300)
    variant = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField()
    inserts = models.JSONField(default=list)  # codes of terms.Insert in packing order
    ticked = models.JSONField(default=list)  # those that lie in the box
    carrier = models.CharField(max_length=20, choices=Carrier.choices, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    planned_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trouble", "place"], name="delivery_reshipment_place_once"),
            models.CheckConstraint(
                condition=~Q(payer=Payer.CUSTOMER)
                | Q(consent__isnull=False)
                | ~Q(state__in=[ReshipmentState.SHIPPED, ReshipmentState.DELIVERED]),
                name="delivery_paid_by_customer_agreed",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="delivery_resent_something"),
        ]

    def __str__(self) -> str:
        return f"{self.trouble_id}-{self.place}"


class PickUp(models.Model):
    """The carrier fetches what came by mistake. One for each trouble."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    trouble = models.OneToOneField(Trouble, on_delete=models.CASCADE, related_name="pick_up")
    state = models.CharField(max_length=10, choices=PickUpState.choices, default=PickUpState.TO_BOOK)
    carrier = models.CharField(max_length=20, choices=Carrier.choices, blank=True)
    on = models.DateField(null=True)
    slot = models.CharField(max_length=8, choices=Slot.choices, blank=True)
    reference = models.CharField(max_length=40, blank=True)  # what the carrier calls it
    waiver = models.CharField(max_length=500, blank=True)  # why it is not wanted back
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PickUpState.BOOKED) | (Q(on__isnull=False) & ~Q(carrier="") & ~Q(slot="")),
                name="delivery_booked_with_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=PickUpState.WAIVED) | ~Q(waiver=""), name="delivery_waived_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trouble_id}: {self.state}"


class CostEntry(models.Model):
    """One line of the ledger; none is deleted, a mistake is taken back by a negative one. Unit: whole yen."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="costs", db_index=False)
    kind = models.CharField(max_length=10, choices=CostKind.choices)
    amount_yen = models.IntegerField()
    payer = models.CharField(max_length=8, choices=Payer.choices)
    recover_from = models.CharField(max_length=12, choices=Fault.choices, blank=True)  # who may be asked for it later
    reshipment = models.ForeignKey(Reshipment, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_yen=0), name="delivery_cost_not_zero")]
        indexes = [
            models.Index(fields=["trouble", "id"], name="delivery_costs"),
            models.Index(fields=["shop", "at"], condition=~Q(recover_from=""), name="delivery_to_recover"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_yen}"
