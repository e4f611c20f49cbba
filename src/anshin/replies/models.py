"""Tables of the replies room: macros with their versions, everybody's own phrases, where macros were used, what was
promised, words and their plain ones."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import Resolution
from anshin.replies.terms import Language, PromiseState


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
    steps = models.JSONField(default=list, blank=True)  # codes of terms.MacroStep for which it is offered
    snooze_days = models.PositiveSmallIntegerField(default=0)  # business days; 0: it offers no such thing
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


class Promise(models.Model):
    """What a reply promised the customer, by when, and whose word it is.

    It counts once its reply has left or is about to; one whose reply was taken back is none. `check_at`: when the owner
    is reminded or told that it is late, None when there is nothing to tell any more.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey("cases.Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=16)  # rules.promise_key of its words
    quote = models.CharField(max_length=300, blank=True)  # as it stands in the reply; "" once struck out
    owner = models.ForeignKey(
        "shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PromiseState.choices, default=PromiseState.OPEN)
    settled_at = models.DateTimeField(null=True)  # when it was kept or dropped
    kept_by = models.ForeignKey("cases.Message", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    told_late_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "key"], name="replies_promise_once"),
            models.CheckConstraint(
                condition=Q(state=PromiseState.OPEN) | Q(settled_at__isnull=False), name="replies_promise_settled_at"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "due_at", "id"], condition=Q(state="open"), name="replies_promise_open"),
            models.Index(fields=["shop", "settled_at"], name="replies_promise_settled"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="replies_promise_check"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.due_at:%Y-%m-%d}"


class PlainWord(models.Model):
    """A word of the trade and what customers understand instead. An empty `plain` switches a built-in one off."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=60)
    key = models.CharField(max_length=60)  # rules.word_key
    plain = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.JA)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "language", "key"], name="replies_plain_word_once")]

    def __str__(self) -> str:
        return f"{self.word} → {self.plain}"
