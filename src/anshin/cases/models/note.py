"""What staff write for each other. A table of its own on purpose: no code path that sends or shows messages to a
customer can meet a note."""

from django.db import models

from anshin.cases.models.case import Case


class Note(models.Model):
    """What staff write for each other. Customers never see one."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes", db_index=False)
    author = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    rule_name = models.CharField(max_length=80, blank=True)  # of the rule that wrote it, where no person did
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="cases_note_thread")]

    def __str__(self) -> str:
        return self.text[:40]
