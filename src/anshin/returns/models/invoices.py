"""Return invoices: numbered, kept as they were given, never changed."""

from django.db import models
from django.db.models import Q

from anshin.returns.models.returns import Return
from anshin.returns.models.settlements import Settlement


class ReturnInvoice(models.Model):
    """One 適格返還請求書, given when the money had moved: `blob` the PDF, `sha256` its digest, `facts` what it says."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    returned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="invoices", db_index=False)
    settlement = models.OneToOneField(Settlement, on_delete=models.PROTECT, related_name="invoice")
    registration_number = models.CharField(max_length=14)
    total_yen = models.BigIntegerField()
    facts = models.JSONField()
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="returns_invoice_number_once"),
            models.CheckConstraint(
                condition=Q(total_yen__gt=0) & ~Q(sha256="") & ~Q(registration_number=""), name="returns_invoice_whole"
            ),
        ]
        indexes = [models.Index(fields=["returned", "id"], name="returns_invoices")]

    def __str__(self) -> str:
        return f"RI-{self.number:05}"
