"""Whom an advisory reaches: one notice for each order and address, the mails, and what buyers answered."""

from django.db import models

from anshin.safety.models.advisories import Advisory
from anshin.safety.terms import Answer, MailRound, MailState, Standing


class SafetyMail(models.Model):
    """One mail of an advisory to one address; several orders of one person are one mail. Written once, sent once.

    `address_key` is the folded address (anshin.language.mails.mail_key). `rank` orders the sending: the latest purchase
    first. `version` is that of the facts it told, 0 until it was written out.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="mails", db_index=False)
    round = models.CharField(max_length=10, choices=MailRound.choices, default=MailRound.FIRST)
    turn = models.PositiveSmallIntegerField(default=0)  # which reminder or correction it is
    customer = models.ForeignKey("commerce.Customer", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=320)
    address_key = models.CharField(max_length=320)
    language = models.CharField(max_length=8)
    rank = models.BigIntegerField(default=0)  # seconds since 1970 of the latest purchase
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True)  # what the mail server said last

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "round", "turn", "address_key"], name="safety_mail_once"),
        ]
        indexes = [
            models.Index(
                fields=["advisory", "-rank", "id"],
                condition=models.Q(state__in=[MailState.WAITING, MailState.DEFERRED]),
                name="safety_mail_to_send",
            ),
            models.Index(fields=["advisory", "state"], name="safety_mail_by_state"),
            models.Index(fields=["message_id"], condition=~models.Q(message_id=""), name="safety_mail_by_message"),
        ]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.pk} {self.state}"


class ReminderTurn(models.Model):
    """One time at which everybody who had not answered was reminded. Begun once; written on after a kill.

    `written_at` is None while mails of it are still being written, `mails` how many there are then.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="reminder_turns", db_index=False)
    turn = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "turn"], name="safety_reminder_turn_once")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.turn}"


class Notice(models.Model):
    """That the buyer of one order is to be told, at one address, or why not. Written once, at the release.

    `address_key` is the folded mail address, or empty where there is none; `mail` is the mail that tells of this order.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="notices", db_index=False)
    order = models.ForeignKey("commerce.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("commerce.Customer", on_delete=models.PROTECT, related_name="+")
    address_key = models.CharField(max_length=320, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices)
    quantity = models.PositiveIntegerField()  # of affected items in the order
    is_gift = models.BooleanField(default=False)
    is_lot_known = models.BooleanField(default=False)  # narrowed by the lot that was sent, not only by days
    mail = models.ForeignKey(SafetyMail, on_delete=models.PROTECT, null=True, related_name="notices")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "order", "address_key"], name="safety_notice_once"),
        ]
        indexes = [models.Index(fields=["advisory", "standing", "id"], name="safety_notice_by_standing")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.order_id} {self.standing}"


class Acknowledgement(models.Model):
    """What a buyer said; the newest of a notice counts, the older stay. `return_id` is the remedy’s return, if any."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="answers", db_index=False)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    at = models.DateTimeField()
    is_by_staff = models.BooleanField(default=False)  # told by telephone and typed in
    remedy_return = models.ForeignKey("returns.Return", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["notice", "-id"], name="safety_answers")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.answer}"
