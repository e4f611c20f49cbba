"""The same step for several returns at once: who asked, and what became of each."""

from django.db import models
from django.db.models import Q

from anshin.returns.models.returns import Return
from anshin.returns.terms import BulkState, BulkVerb, LabelPaper


class BulkRun(models.Model):
    """One step for several returns. `nonce` is drawn by the page: pressed twice it is one run."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=40)
    verb = models.CharField(max_length=10, choices=BulkVerb.choices)
    asked_by = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # since when every return has its answer
    language = models.CharField(max_length=8, default="ja")  # of whoever reads the result
    paper = models.CharField(max_length=4, choices=LabelPaper.choices, blank=True)  # on which labels are printed
    file = models.ForeignKey(
        "files.Blob", on_delete=models.PROTECT, null=True, related_name="+"
    )  # the labels, a day long

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "nonce"], name="returns_bulk_once")]
        indexes = [models.Index(fields=["asked_at"], name="returns_bulk_old")]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class BulkItem(models.Model):
    """One return of a run: what the person saw of it, and what became of it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    place = models.PositiveSmallIntegerField()
    returned = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="+")
    seen_yen = models.BigIntegerField(null=True)  # the sum that stood on the page
    way = models.CharField(max_length=12, blank=True)  # how the money goes back, as the page said
    account = models.PositiveBigIntegerField(null=True)  # id of the bank account in commerce
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.WAITING)
    became = models.CharField(max_length=12, blank=True)  # state of the axis afterwards
    why = models.CharField(max_length=500, blank=True)  # why it was refused, in a sentence

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["run", "returned"], name="returns_bulk_item_once"),
            models.CheckConstraint(
                condition=~Q(state=BulkState.REFUSED) | ~Q(why=""), name="returns_bulk_refusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.returned_id} {self.state}"
