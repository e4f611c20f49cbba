"""Within which time a shop wants its customers answered, and what happens after a case has ended."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import Channel, Priority


class ServiceTarget(models.Model):
    """Minutes of opening time for the cases of a channel, a topic, a priority; an empty column means any."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=20, choices=Channel.choices, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=8, choices=Priority.choices, blank=True)
    answer_minutes = models.PositiveIntegerField(null=True)
    resolution_minutes = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "topic", "priority"], name="cases_target_once"),
            models.CheckConstraint(
                condition=Q(answer_minutes__gt=0) | Q(resolution_minutes__gt=0), name="cases_target_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.topic}/{self.priority}"


class Aftercare(models.Model):
    """What a shop does after cases have ended; 0 days: nothing. No row: rules.FOLLOW_UP_DAYS, SECOND_CONTACT_DAYS."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    follow_up_days = models.PositiveSmallIntegerField()
    second_contact_days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.follow_up_days}, {self.second_contact_days}"
