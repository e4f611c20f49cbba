"""Parcels as the warehouse receives them; one may hold several returns, or none that anybody announced."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import Carrier
from anshin.returns.models.returns import Return, ReturnLine


class Parcel(models.Model):
    """One parcel that arrived. `nonce` is drawn by the page: a scanner that types twice books it in once."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=40)
    carrier = models.CharField(max_length=20, choices=Carrier.choices, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)  # as on the slip, when nobody announced it
    note = models.TextField(blank=True)
    arrived_at = models.DateTimeField()
    booked_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    is_announced = models.BooleanField(default=True)  # False: nobody knew of it, or it was not approved
    sorted_at = models.DateTimeField(null=True)  # since when it is known what an unannounced one belongs to

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "nonce"], name="returns_parcel_once")]
        indexes = [
            models.Index(fields=["shop", "-arrived_at", "-id"], name="returns_parcels"),
            models.Index(
                fields=["shop", "arrived_at"],
                condition=Q(is_announced=False, sorted_at__isnull=True),
                name="returns_parcels_unsorted",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"{self.pk}"


class ParcelContent(models.Model):
    """What was in a parcel: so many of a return's line."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="contents", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="contents")
    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "line"], name="returns_content_once")]

    def __str__(self) -> str:
        return f"{self.line_id} × {self.quantity}"


class ParcelReminder(models.Model):
    """A customer was reminded that a parcel is awaited; the first, the second … of its return."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    place = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["returned", "place"], name="returns_reminder_once")]

    def __str__(self) -> str:
        return f"{self.returned_id} {self.place}"


class ParcelPhoto(models.Model):
    """A picture of a parcel of which nobody knows yet what it belongs to; sorting hands it to the return."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="photos")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
