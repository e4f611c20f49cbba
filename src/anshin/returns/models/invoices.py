"""Return invoices: numbered, kept as they were given; one whose money came back is void, and stays."""

from django.db import models
from django.db.models import Q

from anshin.returns.models.returns import Return
from anshin.returns.models.settlements import Settlement


class ReturnInvoice(models.Model):
    """One 適格返還請求書, given when the money had moved: `blob` the PDF, `sha256` its digest, `facts` what it says.

    When the money came back it is void; given again it keeps its number, with the next `revision`.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    returned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="invoices", db_index=False)
    revision = models.PositiveSmallIntegerField(default=1)
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="invoices")
    registration_number = models.CharField(max_length=14)
    total_yen = models.BigIntegerField()
    facts = models.JSONField()
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)  # since when it no longer counts
    void_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number", "revision"], name="returns_invoice_number_once"),
            models.UniqueConstraint(
                fields=["shop", "number"], condition=Q(voided_at__isnull=True), name="returns_invoice_one_counts"
            ),
            models.UniqueConstraint(
                fields=["settlement"], condition=Q(voided_at__isnull=True), name="returns_invoice_of_settlement"
            ),
            models.CheckConstraint(
                condition=Q(total_yen__gt=0) & ~Q(sha256="") & ~Q(registration_number=""), name="returns_invoice_whole"
            ),
        ]
        indexes = [models.Index(fields=["returned", "id"], name="returns_invoices")]

    def __str__(self) -> str:
        number = f"RI-{self.number:05}"
        return number if self.revision == 1 else f"{number}-{self.revision}"
