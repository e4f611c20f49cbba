"""Transfers to customers' bank accounts, collected into batches that one person makes and another one approves."""

from django.db import models
from django.db.models import F, Q

from anshin.commerce.models.refunds import Refund
from anshin.commerce.terms import BatchState, LineState, ReplyScope, ReplyState


class TransferBatch(models.Model):
    """One file of transfers for the bank. The file is kept encrypted, because it names accounts, and purged with them.

    `number` counts within the shop. `file_sha256` stays when the file is gone.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    transfer_on = models.DateField()
    state = models.CharField(max_length=10, choices=BatchState.choices)
    line_count = models.PositiveIntegerField()
    total_yen = models.BigIntegerField()
    made_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        "shops.Membership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True)
    file_sealed = models.TextField(blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    handed_at = models.DateTimeField(null=True)  # when the file was first taken
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="commerce_batch_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.DRAFT, BatchState.DISSOLVED])
                | Q(approved_by__isnull=False) & ~Q(approved_by=F("made_by")) & ~Q(file_sha256=""),
                name="commerce_batch_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.line_count}, {self.total_yen}"


class TransferLine(models.Model):
    """One transfer of a batch. A refund stands in one batch at a time; after a failure in the next one."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(TransferBatch, on_delete=models.CASCADE, related_name="lines", db_index=False)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="transfer_lines")
    position = models.PositiveIntegerField()
    amount_yen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=LineState.choices, default=LineState.WAITING)
    failure = models.CharField(max_length=400, blank=True)
    marked_by = models.ForeignKey(
        "shops.Membership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    marked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="commerce_transfer_position_once"),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(state__in=[LineState.WAITING, LineState.DONE]),
                name="commerce_transfer_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LineState.FAILED) | ~Q(failure=""), name="commerce_transfer_failed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.amount_yen} {self.state}"


class TransferReply(models.Model):
    """A bank's answer to a file of transfers, kept as it came (encrypted, because it names accounts) before it is read.

    `findings`: [[row, position or None, outcome, the bank's words, flaw], …]. `columns`: codes of ReplyColumn, of a
    CSV. `refusal`: why nothing of it was taken over.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(TransferBatch, on_delete=models.CASCADE, related_name="replies", db_index=False)
    name = models.CharField(max_length=200)
    scope = models.CharField(max_length=10, choices=ReplyScope.choices)
    content_sealed = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ReplyState.choices)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    refusal = models.CharField(max_length=400, blank=True)
    taken_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        "shops.Membership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="commerce_reply_once"),
            models.CheckConstraint(
                condition=~Q(state=ReplyState.REFUSED) | ~Q(refusal=""), name="commerce_reply_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReplyState.DONE) | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="commerce_reply_done_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="commerce_reply_list")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"
