"""Files with tracking numbers that carriers' programs gave out, and what became of each row."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import Carrier
from anshin.slips.terms import NumberOutcome, SlipKind


class NumberFile(models.Model):
    """One file, kept before it is read. `refusal`: why it could not be read, "" when it was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    file = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # null: removed
    file_name = models.CharField(max_length=200)
    format_name = models.CharField(max_length=40, blank=True)
    carrier = models.CharField(max_length=20, choices=Carrier.choices, blank=True)
    refusal = models.CharField(max_length=400, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    landed_count = models.PositiveIntegerField(default=0)
    look_count = models.PositiveIntegerField(default=0)  # rows about which somebody has to do something
    read_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-id"], name="slips_numbers"),
            models.Index(fields=["read_at"], condition=Q(file__isnull=False), name="slips_numbers_kept"),
        ]

    def __str__(self) -> str:
        return self.file_name


class NumberRow(models.Model):
    """One row. `number` is our number as it stood there, `other` what explains the outcome: a number or a parcel."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number_file = models.ForeignKey(NumberFile, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField()  # as a spreadsheet shows it
    number = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=14, choices=NumberOutcome.choices)
    other = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=SlipKind.choices, blank=True)  # of the parcel, when it is ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number_file", "row"], name="slips_number_row_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.outcome}"
