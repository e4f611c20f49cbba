"""Until when somebody who may not know customers is shown one."""

from django.db import models

from anshin.cases.models.case import Case


class Reveal(models.Model):
    """A member of staff sees until `until_at` who the customer of one case is. Why they asked stands in the journal.

    `customer` is the one whom the case had then: it shows nobody else, whoever the case is joined with later.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("commerce.Customer", on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("at")), name="cases_reveal_ends"),
        ]
        indexes = [models.Index(fields=["case", "member", "-until_at"], name="cases_reveal_now")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.until_at}"
