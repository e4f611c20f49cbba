"""Tables of the insights room: ledgers that were read, their consultations, and what happened meanwhile."""

from django.db import models
from django.db.models import Q

from anshin.insights.terms import Branch, OccasionKind, Requester


class LedgerFile(models.Model):
    """One file, kept before it is read. `refusal`: why it could not be read, "" when it was."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    file = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")  # null: was empty
    file_name = models.CharField(max_length=200)
    refusal = models.CharField(max_length=400, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    taken_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    read_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField()
    taken_back_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)  # its rows count no more; the file stays

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="insights_ledgers")]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "file"],
                condition=Q(refusal="", taken_back_at__isnull=True),
                name="insights_ledger_once",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class LedgerGap(models.Model):
    """A row that was not taken in, and why."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    ledger = models.ForeignKey(LedgerFile, on_delete=models.CASCADE, related_name="gaps", db_index=False)
    row = models.PositiveIntegerField()  # as a spreadsheet shows it
    reason = models.CharField(max_length=300)
    cells = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "row"], name="insights_gap_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class Consultation(models.Model):
    """One line of a ledger: a consultation, or so many of one day and category."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    ledger = models.ForeignKey(LedgerFile, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=40, blank=True)
    received_on = models.DateField()
    requester = models.CharField(max_length=12, choices=Requester.choices)
    branch = models.CharField(max_length=12, choices=Branch.choices)
    category = models.CharField(max_length=80)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["shop", "received_on"], name="insights_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "reference"], condition=~Q(reference=""), name="insights_reference_once"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="insights_counted"),
            models.CheckConstraint(condition=~Q(category=""), name="insights_category_named"),
            models.CheckConstraint(condition=Q(requester__in=Requester.values), name="insights_requester"),
            models.CheckConstraint(condition=Q(branch__in=Branch.values), name="insights_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.category}: {self.count}"


class Occasion(models.Model):
    """Something that happened on a day and may explain a figure; it stands on the chart."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    happened_on = models.DateField()
    kind = models.CharField(max_length=10, choices=OccasionKind.choices)
    title = models.CharField(max_length=80)
    noted_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "happened_on", "title"], name="insights_occasion_once"),
            models.CheckConstraint(condition=~Q(title=""), name="insights_occasion_named"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.title}"
