"""The case itself and the numbers given to cases."""

from django.db import models
from django.db.models import Q

from anshin.cases.models.clock import Clock
from anshin.cases.terms import Channel, Hold, Resolution, Status


class Case(Clock):
    """One work item of staff. `last_*` columns are kept by the write so that a list needs no further query."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    topic = models.CharField(max_length=60, blank=True)  # the main one of `topics`
    topic_source = models.CharField(max_length=8, blank=True)  # language.topics.codes.TopicSource
    topics = models.JSONField(default=list, blank=True)  # [[code, probability or null], …], the main one first
    topic_model = models.CharField(max_length=40, blank=True)  # version of the model that proposed them
    language = models.CharField(max_length=8, blank=True)  # of the customer's newest words
    urgent_kind = models.CharField(max_length=16, blank=True)  # language.topics.urgency.UrgentKind, terms.UrgentWhy
    urgent_on = models.DateField(null=True)  # the day that is near, for a gift, an event, a promise or evidence
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    hold = models.CharField(max_length=20, choices=Hold.choices, blank=True)
    owner = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    customer = models.ForeignKey(
        "commerce.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_cases", db_index=False
    )
    first_case = models.ForeignKey(  # ended shortly before the same customer wrote about the same matter again
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    follow_up_at = models.DateTimeField(null=True)  # when a closed case comes back to be asked after
    is_follow_up = models.BooleanField(default=False)  # it has come back for that
    is_urgent = models.BooleanField(default=False)
    is_unread = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # raised by every message; a reply names the one it was read at
    created_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    waiting_since_at = models.DateTimeField(null=True)  # since when the customer has been without an answer
    snoozed_until_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_line = models.CharField(max_length=160, blank=True)  # one line of the newest message
    last_by_customer = models.BooleanField(default=True)
    order_label = models.CharField(max_length=80, blank=True)  # number of the first linked order
    tag_names = models.JSONField(default=list, blank=True)  # names of its tags, sorted
    external_key = models.CharField(max_length=120, blank=True)  # external_id of an imported case
    emptied_at = models.DateTimeField(null=True)  # since when its texts are gone: erased, or kept for long enough

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="cases_case_number_once"),
            models.UniqueConstraint(
                fields=["shop", "external_key"],
                condition=~Q(external_key=""),
                name="cases_case_external_once",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED) | ~Q(resolution=""), name="cases_closed_with_resolution"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SNOOZED) | Q(snoozed_until_at__isnull=False),
                name="cases_snoozed_until",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "status", "-last_activity_at", "-id"], name="cases_by_status"),
            models.Index(fields=["shop", "status", "waiting_since_at", "id"], name="cases_by_waiting"),
            models.Index(fields=["shop", "owner", "status", "-last_activity_at", "-id"], name="cases_by_owner"),
            models.Index(fields=["shop", "-last_activity_at", "-id"], name="cases_all"),
            models.Index(fields=["shop", "status", "due_at", "id"], name="cases_by_due"),
            models.Index(fields=["shop", "owner", "status", "due_at", "id"], name="cases_by_owner_due"),
            models.Index(fields=["shop", "owner", "status", "waiting_since_at", "id"], name="cases_by_owner_waiting"),
            models.Index(fields=["shop", "status", "rank_at", "id"], name="cases_by_rank"),
            models.Index(fields=["shop", "owner", "status", "rank_at", "id"], name="cases_by_owner_rank"),
            models.Index(
                fields=["shop", "rank_at", "id"],
                condition=Q(due_state__isnull=False),
                name="cases_due_soon",
            ),
            models.Index(
                fields=["deadline_check_at"],
                condition=Q(deadline_check_at__isnull=False),
                name="cases_deadlines",
            ),
            models.Index(
                fields=["paused_at"],
                condition=Q(counting_since_at__isnull=False, paused_at__isnull=False),
                name="cases_to_count",
            ),
            models.Index(
                fields=["shop", "first_answered_at"],
                condition=Q(first_answered_at__isnull=False),
                name="cases_first_answered",
            ),
            models.Index(fields=["shop", "closed_at"], condition=Q(closed_at__isnull=False), name="cases_closed_at"),
            models.Index(fields=["follow_up_at"], condition=Q(follow_up_at__isnull=False), name="cases_to_follow_up"),
            models.Index(fields=["first_case"], condition=Q(first_case__isnull=False), name="cases_first_case"),
            models.Index(fields=["customer", "-last_activity_at"], name="cases_of_customer"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="cases_merged_into"),
            models.Index(fields=["snoozed_until_at"], condition=Q(status=Status.SNOOZED), name="cases_to_wake"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class CaseNumbering(models.Model):
    """The last case number given in a shop."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_number)
