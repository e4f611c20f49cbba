"""Versions of the policy of returns, and where their terms were shown."""

from django.db import models
from django.db.models import Q

from anshin.returns.terms import PolicyState, ShownPlace


class Policy(models.Model):
    """One version. It changes while it is a draft; since it is in force it never does, and orders refer to it.

    `content`: rules.policy_content.PolicyContent as JSON. `in_force_at`: the first moment of `valid_from` on the shop's
    clock, or the moment of publication if that was later; who ordered before bought under the version before.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=PolicyState.choices, default=PolicyState.DRAFT)
    content = models.JSONField(default=dict)
    valid_from = models.DateField(null=True)
    place = models.PositiveSmallIntegerField(default=1)  # which one of those that begin on the same day
    in_force_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=PolicyState.PUBLISHED,
                    valid_from__isnull=False,
                    in_force_at__isnull=False,
                    published_at__isnull=False,
                )
                | Q(state=PolicyState.DRAFT, valid_from=None, in_force_at=None, published_at=None),
                name="returns_policy_published_whole",
            ),
            models.UniqueConstraint(
                fields=["shop", "in_force_at"],
                condition=Q(state=PolicyState.PUBLISHED),
                name="returns_policy_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["shop", "valid_from", "place"],
                condition=Q(state=PolicyState.PUBLISHED),
                name="returns_policy_label_once",
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="returns_policy_list")]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.valid_from or self.state}"


class PolicyShowing(models.Model):
    """Since when the terms of a version stand at a place where a buyer sees them, as the shop tells.

    Apart from the version, since a shop may put its page right without changing its terms.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="showings", db_index=False)
    where = models.CharField(max_length=12, choices=ShownPlace.choices)
    since_on = models.DateField()
    proof = models.CharField(max_length=400, blank=True)  # an address, or where a picture of the page lies
    told_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "where"], name="returns_showing_once")]

    def __str__(self) -> str:
        return f"{self.where} {self.since_on}"
