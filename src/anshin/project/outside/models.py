"""Tables of the practice world: every mail that left, and how its mail server behaves just now."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Behaviour(models.TextChoices):
    """What the practice mail server does with the next mail."""

    ACCEPT = "accept", _("Takes every mail")
    LATER = "later", _("Says “try again later” (450)")
    REFUSE = "refuse", _("Refuses every mail (550)")
    SILENT = "silent", _("Does not answer")
    CLOSED = "closed", _("Is switched off")
    VANISH = "vanish", _("Hangs up after the mail was handed over")


class LeftMail(models.Model):
    """A mail that left a shop. `shop_id` is a plain number: what is outside knows no shops."""

    shop_id = models.BigIntegerField()
    sender = models.CharField(max_length=320)
    recipients = models.JSONField(default=list)
    message_id = models.CharField(max_length=400, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    raw = models.BinaryField()
    left_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["message_id"], name="outside_left_by_id")]

    def __str__(self) -> str:
        return self.subject


class Switch(models.Model):
    """The one row that says how the practice mail server behaves."""

    only = models.BooleanField(default=True, primary_key=True)
    behaviour = models.CharField(max_length=10, choices=Behaviour.choices, default=Behaviour.ACCEPT)

    def __str__(self) -> str:
        return self.behaviour
