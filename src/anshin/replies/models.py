"""Tables of the replies room: macros with their versions, everybody's own phrases, and where macros were used."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import Resolution


class Macro(models.Model):
    """A text that the shop sends again and again. The counters are kept by the writes that they count."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    search_key = models.CharField(max_length=1000, blank=True)  # rules.search_key of name and topics
    topics = models.JSONField(default=list, blank=True)  # codes, the main one first
    topic_place = models.PositiveSmallIntegerField(default=0)  # of the main topic in language.topics.codes
    texts = models.JSONField(default=dict)  # {language: text with placeholders}
    closes_with = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    adds_tags = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    start_key = models.CharField(max_length=60, blank=True)  # its name in the starting set
    archived_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    sent_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)  # of those sent
    settled_count = models.PositiveIntegerField(default=0)  # of those sent: a week has passed
    answered_count = models.PositiveIntegerField(default=0)  # of those settled: the customer wrote again
    closed_count = models.PositiveIntegerField(default=0)  # of those settled: closed without another message

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "start_key"], condition=~Q(start_key=""), name="replies_start_macro_once"
            ),
            models.CheckConstraint(
                condition=Q(unchanged_count__lte=models.F("sent_count")), name="replies_unchanged_were_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "topic_place", "name", "id"],
                condition=Q(archived_at__isnull=True),
                name="replies_macro_list",
            ),
            models.Index(
                fields=["shop", "topic_place", "name", "id"],
                condition=Q(archived_at__isnull=False),
                name="replies_macro_archive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MacroVersion(models.Model):
    """A macro as somebody saved it. The newest is what the macro is now."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    macro = models.ForeignKey(Macro, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    content = models.JSONField()  # terms.MacroContent as plain values

    class Meta:
        constraints = [models.UniqueConstraint(fields=["macro", "number"], name="replies_version_once")]

    def __str__(self) -> str:
        return f"{self.macro_id} v{self.number}"


class Phrase(models.Model):
    """A short text of one person's own."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    search_key = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["author", "name", "id"], name="replies_phrase_list")]

    def __str__(self) -> str:
        return self.name


class MacroUse(models.Model):
    """A macro put into a draft, and what became of the reply. Without `message` it has not been sent."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    macro = models.ForeignKey(Macro, on_delete=models.CASCADE, related_name="uses")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    message = models.ForeignKey("cases.Message", on_delete=models.CASCADE, null=True, related_name="+")
    was_unchanged = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "by", "macro"], condition=Q(message__isnull=True), name="replies_one_open_use"
            )
        ]
        indexes = [models.Index(fields=["at"], condition=Q(settled_at__isnull=True), name="replies_use_unsettled")]

    def __str__(self) -> str:
        return f"{self.macro_id} → {self.case_id}"
