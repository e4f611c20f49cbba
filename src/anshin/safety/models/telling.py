"""Those whom no mail reaches: who is to be called or written to, each attempt, and the letters printed together."""

from django.db import models

from anshin.safety.models.advisories import Advisory
from anshin.safety.terms import Answer, MailRound, Outcome, Standing, TellState


class LetterBundle(models.Model):
    """Letters of one advisory that were printed together; printed again they are the same. Posted once."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="bundles", db_index=False)
    number = models.PositiveIntegerField()  # counted within the advisory
    letters = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "number"], name="safety_bundle_once"),
            models.CheckConstraint(
                condition=models.Q(posted_at__isnull=True, posted_by__isnull=True)
                | models.Q(posted_at__isnull=False, posted_by__isnull=False),
                name="safety_bundle_posted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.number}"


class PersonToTell(models.Model):
    """One buyer of a public advisory whom no mail reaches. Numbers and places stay with the customer, not here.

    `way` is a code of Standing: by_phone, by_letter, unreachable. `round`: what they are to be told next. `version` is
    that of the facts that were told, 0 before. `rank` puts the latest purchase first.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="people", db_index=False)
    customer = models.ForeignKey("commerce.Customer", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=12, choices=Standing.choices)
    has_lost_mail = models.BooleanField(default=False)  # a mail came back or was refused; else there is no address
    round = models.CharField(max_length=10, choices=MailRound.choices, default=MailRound.FIRST)
    state = models.CharField(max_length=8, choices=TellState.choices, default=TellState.OPEN)
    rank = models.BigIntegerField(default=0)  # seconds since 1970 of the latest purchase
    version = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    bundle = models.ForeignKey(LetterBundle, on_delete=models.SET_NULL, null=True, related_name="people")
    added_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)  # since when somebody is calling; holds for terms.CALL_LASTS
    next_try_at = models.DateTimeField(null=True)  # nobody picked up: not before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "customer"], name="safety_person_once"),
            models.CheckConstraint(
                condition=models.Q(called_by__isnull=True, called_at__isnull=True)
                | models.Q(called_by__isnull=False, called_at__isnull=False),
                name="safety_person_called_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=[Standing.BY_PHONE, Standing.BY_LETTER, Standing.UNREACHABLE]),
                name="safety_person_has_no_mail",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TellState.TOLD) | models.Q(told_at__isnull=False),
                name="safety_person_told_sometime",
            ),
        ]
        indexes = [models.Index(fields=["advisory", "state", "way", "-rank", "id"], name="safety_people_to_tell")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.customer_id} {self.state}"


class Approach(models.Model):
    """One call or letter to such a person: by whom, when, what came of it. Only ever added."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(PersonToTell, on_delete=models.CASCADE, related_name="approaches", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    answer = models.CharField(max_length=14, choices=Answer.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="safety_approaches")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.outcome}"
