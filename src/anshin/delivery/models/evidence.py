"""What can be looked at: photos and files of a trouble, and what was packed."""

from django.db import models
from django.db.models import Q

from anshin.delivery.models.packing_files import PackingImport
from anshin.delivery.models.troubles import Trouble
from anshin.delivery.terms import EvidenceKind


class EvidenceFile(models.Model):
    """A photo or file, from the conversation or uploaded. The blob's SHA-256 says which bytes it was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    trouble = models.ForeignKey(Trouble, on_delete=models.CASCADE, related_name="files", db_index=False)
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    name = models.CharField(max_length=255)
    message = models.ForeignKey("cases.Message", on_delete=models.SET_NULL, null=True, related_name="+")  # it came with
    came_at = models.DateTimeField()  # when it reached us
    added_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trouble", "blob"], name="delivery_evidence_once")]

    def __str__(self) -> str:
        return self.name


class PackingRecord(models.Model):
    """What was put into a parcel, as far as the shop wrote it down. Units: grams."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey("commerce.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()  # of the order's line
    sku = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=300, blank=True)
    quantity = models.PositiveIntegerField()
    weight_g = models.PositiveIntegerField(null=True)
    expected_g = models.PositiveIntegerField(null=True)
    photo = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    packed_at = models.DateTimeField()
    packed_by = models.CharField(max_length=100, blank=True)
    written_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    packing_import = models.ForeignKey(PackingImport, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)  # of what a file said; empty when written by hand

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sku="") | ~Q(name=""), name="delivery_packed_something"),
            models.UniqueConstraint(fields=["shop", "digest"], condition=~Q(digest=""), name="delivery_packed_once"),
        ]
        indexes = [models.Index(fields=["order", "position", "-written_at"], name="delivery_packed")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}: {self.sku or self.name}"
