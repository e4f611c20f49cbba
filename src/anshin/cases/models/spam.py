"""Cases in the spam folder, and the senders that never go there."""

from django.db import models

from anshin.cases.models.case import Case
from anshin.cases.terms import Resolution, Status


class SpamMark(models.Model):
    """Why a case lies in the spam folder, and how it stood before. `reason`: by_hand, or the filter's name."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="spam_mark")
    reason = models.CharField(max_length=20)
    score = models.CharField(max_length=20, blank=True)  # in the filter's own words
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    former_status = models.CharField(max_length=10, choices=Status.choices)
    former_resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    former_due_at = models.DateTimeField(null=True)
    former_waiting_since_at = models.DateTimeField(null=True)
    former_snoozed_until_at = models.DateTimeField(null=True)
    former_closed_at = models.DateTimeField(null=True)
    former_trusted = models.JSONField(default=list, blank=True)  # keys of its senders that were trusted

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"


class TrustedSender(models.Model):
    """An address whose mail a person took out of the spam folder: a provider's judgement counts no more for it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    mail_key = models.CharField(max_length=320)
    trusted_at = models.DateTimeField()
    trusted_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "mail_key"], name="cases_trusted_sender_once")]

    def __str__(self) -> str:
        return self.mail_key
