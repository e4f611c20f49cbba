"""Files for carriers' programs: what was written, for which parcels, and who took it."""

from django.db import models

from anshin.commerce.terms import Carrier
from anshin.slips.models.accounts import CarrierAccount
from anshin.slips.terms import SlipKind


class ParcelAddress(models.Model):
    """The customer's address on one parcel's slip, where that of the order could not be written."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=SlipKind.choices)
    parcel_id = models.PositiveBigIntegerField()  # of the re-shipment, pick-up or return in its own room
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    postcode = models.CharField(max_length=16)
    lines = models.CharField(max_length=400)
    phone = models.CharField(max_length=40)
    mended_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    mended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "parcel_id"], name="slips_address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.parcel_id}"


class SlipFileWritten(models.Model):
    """One file as it was written, byte by byte. `nonce` is drawn by the page: clicked twice, written once."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(CarrierAccount, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=40)
    format_name = models.CharField(max_length=40)
    carrier = models.CharField(max_length=20, choices=Carrier.choices)
    ship_on = models.DateField()
    file = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # null: removed
    file_name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=60)
    warnings = models.JSONField(default=list)  # [[number, column, words], …], what to look at in the program
    made_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "nonce"], name="slips_file_once")]
        indexes = [
            models.Index(fields=["shop", "-id"], name="slips_files"),
            models.Index(fields=["made_at"], condition=models.Q(file__isnull=False), name="slips_files_kept"),
        ]

    def __str__(self) -> str:
        return self.file_name


class SlipFileRow(models.Model):
    """One parcel of a file. `number` is what the program gives back beside its tracking number."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    written = models.ForeignKey(SlipFileWritten, on_delete=models.CASCADE, related_name="rows", db_index=False)
    kind = models.CharField(max_length=12, choices=SlipKind.choices)
    parcel_id = models.PositiveBigIntegerField()
    number = models.CharField(max_length=15)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    tracking_number = models.CharField(max_length=40, blank=True)  # once it came back

    class Meta:
        constraints = [models.UniqueConstraint(fields=["written", "number"], name="slips_row_once")]
        indexes = [models.Index(fields=["shop", "kind", "parcel_id"], name="slips_rows_of_parcel")]

    def __str__(self) -> str:
        return self.number


class SlipDownload(models.Model):
    """Who took a file, and when."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    written = models.ForeignKey(SlipFileWritten, on_delete=models.CASCADE, related_name="downloads")
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.written_id}: {self.by_name}"
