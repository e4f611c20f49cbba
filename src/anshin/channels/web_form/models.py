"""Tables of the contact form: what was sent, as it was sent, and what became of it."""

from django.db import models
from django.db.models import Q

from anshin.channels.web_form.terms import Fate, Kind


class Submission(models.Model):
    """One filled-in form, kept before anybody interprets it. `nonce` names the page it was written on.

    Sending a page again (after a correction, or twice by accident) is the same row. `fields` are the raw values by
    field name, at most LONGEST_VALUE characters each. `address_key` is a keyed hash: no network address is kept.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    language = models.CharField(max_length=8)
    fields = models.JSONField(default=dict)
    address_key = models.CharField(max_length=64, blank=True)
    mail_key = models.CharField(max_length=320, blank=True)
    received_at = models.DateTimeField()
    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.STORED)
    reason_words = models.CharField(max_length=500, blank=True)
    message = models.ForeignKey("cases.Message", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "nonce"], name="web_form_once_a_page"),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="web_form_known_fate"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="web_form_known_kind"),
        ]
        indexes = [
            models.Index(fields=["shop", "address_key", "-received_at"], name="web_form_by_address"),
            models.Index(fields=["shop", "mail_key", "-received_at"], name="web_form_by_mail"),
            models.Index(fields=["shop", "fate", "-id"], name="web_form_by_fate"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fate}"


class SubmissionFile(models.Model):
    """A picture or file that came with a submission."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name
