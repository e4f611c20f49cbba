"""Publishers' lists: which are read, what came, and each entry with what became of it."""

from django.db import models
from django.db.models import Q

from anshin.safety.models.advisories import Advisory
from anshin.safety.terms import AsideReason, FeedKind, FeedTrouble, ItemState, MatchReason


class Feed(models.Model):
    """A publisher's list at an address. `zone` (IANA) is that of times written without one, "" for not known.

    `mapping`: folded heading or element to a code of terms.FeedField. `etag` and `last_modified` are those of the last
    list that was read, `digest` its SHA-256. `failures` in a row lengthen the time until `next_at`.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=FeedKind.choices)
    url = models.CharField(max_length=1000)
    agency = models.CharField(max_length=120, blank=True)  # who publishes, where the entries do not say
    language = models.CharField(max_length=8, default="ja")
    zone = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict)
    is_on = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True)  # last, whatever came of it
    read_at = models.DateTimeField(null=True)  # last with an answer that could be read, new or not
    next_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=12, choices=FeedTrouble.choices, blank=True)
    trouble_words = models.CharField(max_length=500, blank=True)
    trouble_since_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "url"], name="safety_feed_once"),
            models.CheckConstraint(condition=Q(every_minutes__gte=15), name="safety_feed_not_too_often"),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(is_on=True), name="safety_feed_due")]

    def __str__(self) -> str:
        return self.name


class FeedFetch(models.Model):
    """One answer of a publisher's server that was new. Its bytes are kept before anybody reads them.

    `read_at` None: kept, and not read to the end yet. `trouble`: it is no such list.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="fetches", db_index=False)
    at = models.DateTimeField()
    url = models.CharField(max_length=1000)  # where it was in the end
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)
    entries = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=12, choices=FeedTrouble.choices, blank=True)
    trouble_words = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["feed", "-id"], name="safety_fetches")]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.at}"


class FeedItem(models.Model):
    """One entry of a list, as it was read last. The same entry again is changed, not doubled.

    `digest` is of everything the publisher says. `listed_at` orders the list: when it was published, else first read.
    `rank` is higher the likelier it is about something that was sold. `same_as` names the entry of another list with
    the same address. `folded` is what a search looks through. That a notice was begun from it stands in FeedDraft.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items", db_index=False)
    source_id = models.CharField(max_length=300)
    seen_in = models.ForeignKey(FeedFetch, on_delete=models.PROTECT, related_name="+")  # the last list that had it
    same_as = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="doubles")
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.NEW)
    rank = models.PositiveSmallIntegerField(default=0)
    listed_at = models.DateTimeField()
    agency = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500)
    url = models.CharField(max_length=1000, blank=True)
    published = models.CharField(max_length=100, blank=True)  # as it was written
    published_at = models.DateTimeField(null=True)
    asks_zone = models.BooleanField(default=False)
    hazard = models.TextField(blank=True)
    affected = models.TextField(blank=True)
    what_to_do = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    contact = models.CharField(max_length=1000, blank=True)
    products = models.JSONField(default=list)  # of rules/content.py
    language = models.CharField(max_length=8, default="ja")
    trouble = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    folded = models.TextField(blank=True)
    first_read_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)  # the publisher changed it since it was first read
    gone_at = models.DateTimeField(null=True)  # since when the publisher does not list it any more, or took it back
    aside_reason = models.CharField(max_length=14, choices=AsideReason.choices, blank=True)
    aside_words = models.CharField(max_length=500, blank=True)
    aside_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    aside_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "source_id"], name="safety_item_once"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.PUT_ASIDE) | ~Q(aside_reason=""), name="safety_aside_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.UNREADABLE) | ~Q(trouble=""), name="safety_unreadable_is_explained"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-rank", "-listed_at", "-id"], name="safety_items_ranked"),
            models.Index(fields=["shop", "state", "-listed_at", "-id"], name="safety_items_by_state"),
            models.Index(fields=["shop", "url"], condition=~Q(url=""), name="safety_items_by_url"),
        ]

    def __str__(self) -> str:
        return self.title


class FeedMatch(models.Model):
    """A product of the shop that an entry may be about. `certainty` in percent; `is_sold`: somebody has bought it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(FeedItem, on_delete=models.CASCADE, related_name="matches", db_index=False)
    product = models.ForeignKey("commerce.Product", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=MatchReason.choices)
    certainty = models.PositiveSmallIntegerField()
    is_sold = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "product"], name="safety_item_match_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.product_id}"


class FeedDraft(models.Model):
    """An advisory was begun from an entry. Read only together with the advisory's insiders: the entry must not tell."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.ForeignKey(FeedItem, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    advisory = models.OneToOneField(Advisory, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["item"], name="safety_drafts_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.advisory_id}"
