"""Tables of the satisfaction room."""

from django.db import models
from django.db.models import Q

from anshin.satisfaction.terms import Score


class SurveySetting(models.Model):
    """Whether a shop asks its customers, and how long after the end; no row: it does not."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    is_on = models.BooleanField(default=False)
    hours = models.PositiveSmallIntegerField(default=24)  # after the case was finished

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.hours}" if self.is_on else f"{self.shop_id}: -"


class Survey(models.Model):
    """One question to the customer of one case, and the answer. A case has one at most, for ever."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("commerce.Customer", on_delete=models.SET_NULL, null=True, related_name="+")
    message = models.ForeignKey("cases.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    # who had the case when its customer was asked
    owner = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    token = models.CharField(max_length=40)  # the page's address; whoever has the mail has it
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(choices=Score.choices, null=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # since when a member of staff has read the answer

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token"], name="satisfaction_token_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="satisfaction_score_of_five"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True)
                | Q(score__isnull=False, answered_at__isnull=False),
                name="satisfaction_answered_with_score",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "-answered_at", "-id"],
                condition=Q(answered_at__isnull=False),
                name="satisfaction_answers",
            ),
            models.Index(fields=["shop", "asked_at"], name="satisfaction_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.score or '-'}"
