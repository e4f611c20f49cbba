"""What the warehouse found when it looked at an item."""

from django.db import models
from django.db.models import Q

from anshin.returns.models.returns import ReturnLine
from anshin.returns.terms import CheckResult, Disposition, Grade


class Inspection(models.Model):
    """The three checks of one line (requirement 112); finished once all have a result and it has a disposition.

    What arrives later is looked at by itself: `part` 1 is what came first. `quantity`: pieces it is
    about, once finished.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="inspections", db_index=False)
    part = models.PositiveSmallIntegerField(default=1)
    quantity = models.PositiveIntegerField(default=0)
    appearance = models.CharField(max_length=16, choices=CheckResult.choices, blank=True)
    appearance_note = models.CharField(max_length=200, blank=True)
    accessories = models.CharField(max_length=16, choices=CheckResult.choices, blank=True)
    accessories_note = models.CharField(max_length=200, blank=True)
    missing = models.JSONField(default=list, blank=True)  # names of accessories that did not come back
    operation = models.CharField(max_length=16, choices=CheckResult.choices, blank=True)
    operation_note = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=2, choices=Grade.choices, blank=True)
    disposition = models.CharField(max_length=10, choices=Disposition.choices, blank=True)
    note = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    inspected_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["line", "part"]
        constraints = [
            models.UniqueConstraint(fields=["line", "part"], name="returns_inspection_part_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | ~Q(appearance="") & ~Q(accessories="") & ~Q(operation="") & ~Q(disposition=""),
                name="returns_inspection_has_results",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.grade}"
