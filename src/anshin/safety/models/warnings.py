"""Early warnings from the shop's own returns and cases, with the clock of the report that the law asks for."""

from django.db import models
from django.db.models import Q

from anshin.safety.models.advisories import Advisory
from anshin.safety.terms import ReportedTo, SignKind, WarningState


class WarningSetting(models.Model):
    """From when on the same defect of a product warns: so many returns, or so many percent of what was sold."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    defect_returns = models.PositiveSmallIntegerField(default=5)
    defect_percent = models.PositiveSmallIntegerField(default=5)
    defect_days = models.PositiveSmallIntegerField(default=90)

    def __str__(self) -> str:
        return str(self.shop_id)


class EarlyWarning(models.Model):
    """A product may have hurt somebody. As sealed as its advisory, on which alone it is seen.

    `subject` stands for the product, or for the case where nobody knows the product yet. `known_on` is the day on
    which the shop learnt of it, `report_by` the last day for the report (rules/accidents.py).
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="warnings", db_index=False)
    subject = models.CharField(max_length=320)
    known_on = models.DateField()
    report_by = models.DateField()
    state = models.CharField(max_length=12, choices=WarningState.choices, default=WarningState.OPEN)
    reported_to = models.CharField(max_length=6, choices=ReportedTo.choices, blank=True)
    words = models.CharField(max_length=500, blank=True)  # why it is none, or what was reported
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "subject"], condition=Q(state=WarningState.OPEN), name="safety_warning_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=WarningState.NOT_SERIOUS) | ~Q(words=""), name="safety_not_serious_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=WarningState.OPEN) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="safety_warning_decided_by",
            ),
        ]
        indexes = [
            models.Index(fields=["advisory", "-id"], name="safety_warnings"),
            models.Index(fields=["shop", "subject"], name="safety_warnings_of"),
        ]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.subject}"


class WarningSign(models.Model):
    """One thing that points to it: a case, a return, or how many came back of how many sold."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    warning = models.ForeignKey(EarlyWarning, on_delete=models.CASCADE, related_name="signs", db_index=False)
    kind = models.CharField(max_length=8, choices=SignKind.choices)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+")
    returns_count = models.PositiveIntegerField(default=0)
    sold_count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["warning", "kind", "case"], name="safety_sign_once"),
        ]

    def __str__(self) -> str:
        return f"{self.warning_id}: {self.kind}"
