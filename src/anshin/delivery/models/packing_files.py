"""Files in which a warehouse's own system tells what was packed, and what became of their rows."""

from django.db import models
from django.db.models import Q

from anshin.commerce.terms import ImportState


class PackingColumns(models.Model):
    """What the columns of a file with these headings mean; asked once, then remembered."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    header_key = models.CharField(max_length=64)  # hash of the folded headings in order
    columns = models.JSONField()  # a PackingField for each column in order, "" for an unused one
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "header_key"], name="delivery_packing_columns_once")]

    def __str__(self) -> str:
        return self.header_key[:8]


class PackingImport(models.Model):
    """One run over a file of packing records."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    file = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # null: removed
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=list)  # as in PackingColumns, fixed when the import starts
    state = models.CharField(max_length=10, choices=ImportState.choices)
    refusal = models.CharField(max_length=400, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)  # where a resumed run goes on
    records_new = models.PositiveIntegerField(default=0)
    records_same = models.PositiveIntegerField(default=0)
    lots_noted = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-id"], name="delivery_packing_imports"),
            models.Index(fields=["created_at"], condition=Q(file__isnull=False), name="delivery_packing_kept"),
        ]

    def __str__(self) -> str:
        return self.file_name


class RefusedPackingRow(models.Model):
    """A row that was not taken in, with the reason in words."""

    packing_import = models.ForeignKey(
        PackingImport, on_delete=models.CASCADE, related_name="refused_rows", db_index=False
    )
    row_number = models.PositiveIntegerField()  # as a spreadsheet shows it; the heading is row 1
    cells = models.JSONField()
    reason = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packing_import", "row_number"], name="delivery_refused_packing_once")
        ]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason}"
