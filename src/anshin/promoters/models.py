"""Tables of the promoters room: promoters, their accounts, checks, verifications, and samples sent under one."""

from django.db import models
from django.db.models import F, Q

from anshin.promoters.terms import Disclosure, Platform, Reason, Seen, Verdict


class Promoter(models.Model):
    """Who shows products to others. `verdict` and `verified_until` are those of the newest check."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    folded = models.TextField()  # name and addresses, as they are compared
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    verified_until = models.DateField(null=True)
    added_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="promoters_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="promoters_named"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="promoters_verdict"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.VERIFIED, verified_until__isnull=False)
                | (~Q(verdict=Verdict.VERIFIED) & Q(verified_until__isnull=True)),
                name="promoters_verified_until",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """One account of a promoter, with as many followers as they state themselves."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    promoter = models.ForeignKey(Promoter, on_delete=models.CASCADE, related_name="accounts")
    platform = models.CharField(max_length=12, choices=Platform.choices)
    address = models.CharField(max_length=400)
    followers_stated = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "address"], name="promoters_address_once"),
            models.CheckConstraint(condition=Q(address__startswith="https://"), name="promoters_web_address"),
            models.CheckConstraint(condition=Q(platform__in=Platform.values), name="promoters_platform"),
        ]

    def __str__(self) -> str:
        return self.address


class Check(models.Model):
    """Somebody looked at an account: when, at what, how many followers, and what it came to."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    promoter = models.ForeignKey(Promoter, on_delete=models.CASCADE, related_name="checks")
    platform = models.CharField(max_length=12, choices=Platform.choices)  # as looked at: the account may change
    address = models.CharField(max_length=400)
    followers_stated = models.PositiveIntegerField()
    followers_seen = models.PositiveIntegerField()
    posts = models.PositiveIntegerField(null=True)
    reactions = models.PositiveIntegerField(null=True)  # per post, on average
    evidence = models.TextField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)
    checked_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="promoters_evidence"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="promoters_check_verdict"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.VERIFIED, reason="")
                | (~Q(verdict=Verdict.VERIFIED) & Q(reason__in=Reason.values)),
                name="promoters_reason_told",
            ),
            models.CheckConstraint(
                condition=Q(posts__isnull=True, reactions__isnull=True) | Q(posts__gte=1, reactions__isnull=False),
                name="promoters_reactions_of_posts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.verdict}"


class Verification(models.Model):
    """Exists only of a check that verified: what a sample must stand on, so that none goes out without."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    promoter = models.ForeignKey(Promoter, on_delete=models.CASCADE, related_name="verifications")
    check_made = models.OneToOneField(Check, on_delete=models.CASCADE, related_name="verification")
    valid_from = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="promoters_valid_span"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} – {self.valid_until}"


class Sample(models.Model):
    """One product sent to a promoter. Whose it is, its verification tells; none can be written without one.

    `valid_from` and `valid_until` repeat the verification's, so that the database refuses a day beyond them.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="samples")
    valid_from = models.DateField()
    valid_until = models.DateField()
    product = models.ForeignKey("commerce.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(max_length=80)  # number and name as they were
    product_name = models.CharField(max_length=300)
    sent_on = models.DateField()
    disclosure = models.CharField(max_length=12, choices=Disclosure.choices)
    note = models.TextField(blank=True)
    post_address = models.CharField(max_length=400, blank=True)
    posted_on = models.DateField(null=True)
    seen = models.CharField(max_length=12, choices=Seen.choices, default=Seen.NOT_LOOKED)
    recorded_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="promoters_samples")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__gte=F("valid_from"), sent_on__lte=F("valid_until")),
                name="promoters_sent_while_verified",
            ),
            models.CheckConstraint(condition=Q(disclosure__in=Disclosure.values), name="promoters_disclosure"),
            models.CheckConstraint(condition=Q(seen__in=Seen.values), name="promoters_seen"),
            models.CheckConstraint(
                condition=Q(post_address="", posted_on__isnull=True, seen=Seen.NOT_LOOKED)
                | Q(post_address__startswith="https://", posted_on__isnull=False),
                name="promoters_post_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_on} {self.sku}"
