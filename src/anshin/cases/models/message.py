"""What was said between the customer and the shop, its files, and what came back."""

from django.db import models
from django.db.models import Q

from anshin.cases.models.case import Case
from anshin.cases.terms import Channel, Delivery, Direction, Unseen
from anshin.commerce.terms import BounceKind


class Message(models.Model):
    """What was said between the customer and the shop."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    at = models.DateTimeField()
    author = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    sender_name = models.CharField(max_length=200, blank=True)
    sender_mail = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list, blank=True)  # [[name, mail], …], frozen when sent
    cc = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted_from = models.PositiveIntegerField(null=True)  # offset in `text` from which history is folded
    html_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    raw_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    charset = models.CharField(max_length=40, blank=True)  # as which the text was read; "" where there was no choice
    charset_reason = models.CharField(max_length=12, blank=True)  # declared, utf8, escapes, guessed, damaged, chosen
    cards = models.JSONField(default=list, blank=True)  # signature and events, as terms.card_values writes them
    remarks = models.JSONField(default=list, blank=True)  # [[code of terms.Remark, about], …]
    is_automatic = models.BooleanField(default=False)
    file_count = models.PositiveIntegerField(default=0)  # of its attachments
    number_kinds = models.JSONField(null=True)  # NumberKind codes in its HTML; null: nobody has looked yet
    sender_checks = models.JSONField(default=dict, blank=True)  # {"spf": "pass", …} as the receiving server stated
    sender_warnings = models.JSONField(default=list, blank=True)  # [{"sign": SenderSign, …values}, …]
    believed_at = models.DateTimeField(null=True)  # when a person said that the sender is who they say, all the same
    believed_took_topic = models.BooleanField(default=False)  # and the case lost the topic of a fraud by that
    utc_offset_minutes = models.SmallIntegerField(null=True)  # of the writer's clock, as the mail says
    message_key = models.CharField(max_length=200)  # normalised Message-ID, or a hash of the content
    in_reply_to = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.RECEIVED)
    leaves_at = models.DateTimeField(null=True)  # end of the undo window, or the time that somebody chose
    read_to_id = models.BigIntegerField(default=0)  # of the newest message read before it was let leave after all
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    server_words = models.CharField(max_length=500, blank=True)
    report_count = models.PositiveSmallIntegerField(default=0)  # of its bounce reports
    former_status = models.CharField(max_length=10, blank=True)  # of the case, to restore it on undo

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "message_key"], name="cases_message_once"),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | Q(delivery=Delivery.RECEIVED),
                name="cases_incoming_is_received",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="cases_message_thread"),
            models.Index(fields=["shop", "sender_mail", "-at"], name="cases_message_sender"),
            models.Index(
                fields=["delivery", "leaves_at"],
                condition=Q(delivery__in=[Delivery.HELD, Delivery.QUEUED, Delivery.SENDING, Delivery.DEFERRED]),
                name="cases_message_leaving",
            ),
            models.Index(
                fields=["shop", "at", "id"],
                condition=Q(delivery=Delivery.APPROVAL),
                name="cases_message_to_approve",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.subject}"


class BounceReport(models.Model):
    """What a mail server reported about a message of ours and one address, with the report as it came.

    `given_up` is False while that server still tried.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="bounce_reports", db_index=False)
    at = models.DateTimeField()
    address = models.CharField(max_length=320, blank=True)
    kind = models.CharField(max_length=16, choices=BounceKind.choices)
    given_up = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    raw_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "address", "raw_blob"], name="cases_bounce_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"


class Attachment(models.Model):
    """A file of a message."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    number_kinds = models.JSONField(null=True)  # NumberKind codes in it; null: nobody has looked yet
    unseen = models.CharField(max_length=12, choices=Unseen.choices, blank=True)  # why not all of it was looked into
    struck_at = models.DateTimeField(null=True)  # when its content was struck out; `blob` holds a placeholder since

    def __str__(self) -> str:
        return self.name
