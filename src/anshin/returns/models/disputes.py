"""In which case a cardholder's dispute is worked on, and how often it was reminded of."""

from django.db import models


class DisputeCase(models.Model):
    """One a dispute. `is_own`: the case was opened for the dispute; else it is that of a return of the order."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    dispute = models.OneToOneField("commerce.Dispute", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    is_own = models.BooleanField()
    reminders = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.dispute_id} → {self.case_id}"
