"""Tables of the cases room. Notes and messages are different tables on purpose: no code path that sends or shows
messages to a customer can meet a note."""

from django.db import models
from django.db.models import Q

from anshin.cases.terms import Channel, Delivery, Direction, Hold, Resolution, RetentionPurpose, Status
from anshin.cases.topic_models import ShopTopic, TopicCorrection, TopicLearning  # noqa: F401  tables
from anshin.commerce.terms import BounceKind


class Case(models.Model):
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
    urgent_kind = models.CharField(max_length=16, blank=True)  # language.topics.urgency.UrgentKind
    urgent_on = models.DateField(null=True)  # the day that is near, for a gift, an event or a promise
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
    is_urgent = models.BooleanField(default=False)
    is_unread = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # raised by every message; a reply names the one it was read at
    created_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    waiting_since_at = models.DateTimeField(null=True)  # since when the customer has been without an answer
    due_at = models.DateTimeField(null=True)
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


class SpamMark(models.Model):
    """Why a case lies in the spam folder, and how it stood before. `reason`: by_hand, or the filter's name."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="spam_mark")
    reason = models.CharField(max_length=20)
    score = models.CharField(max_length=20, blank=True)  # in the filter's own words
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    former_status = models.CharField(max_length=10, choices=Status.choices)
    former_resolution = models.CharField(max_length=20, choices=Resolution.choices, blank=True)
    former_due_at = models.DateTimeField(null=True)
    former_waiting_since_at = models.DateTimeField(null=True)
    former_snoozed_until_at = models.DateTimeField(null=True)
    former_closed_at = models.DateTimeField(null=True)
    former_trusted = models.JSONField(default=list, blank=True)  # keys of its senders that were trusted

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"


class TrustedSender(models.Model):
    """An address whose mail a person took out of the spam folder: a provider's judgement counts no more for it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    mail_key = models.CharField(max_length=320)
    trusted_at = models.DateTimeField()
    trusted_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "mail_key"], name="cases_trusted_sender_once")]

    def __str__(self) -> str:
        return self.mail_key


class RetentionPeriod(models.Model):
    """For how many days a shop keeps something after its cases ended; no row: for ever."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(max_length=12, choices=RetentionPurpose.choices)
    days = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "purpose"], name="cases_retention_once"),
            models.CheckConstraint(condition=Q(days__gte=30), name="cases_retention_a_month_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.days}"


class OrderLink(models.Model):
    """An order that a case is about, and how we came to think so."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="order_links", db_index=False)
    order = models.ForeignKey("commerce.Order", on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=40)  # number_in_text, form_field, only_recent_order, by_hand, import
    is_proposed = models.BooleanField(default=False)  # a guess that a person has not confirmed
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "order"], name="cases_order_link_once")]
        indexes = [models.Index(fields=["order"], name="cases_link_order")]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.order_id}"


class Message(models.Model):
    """What was said between the customer and the shop."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    at = models.DateTimeField()
    author = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    sender_name = models.CharField(max_length=200, blank=True)
    sender_mail = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list, blank=True)  # [[name, mail], …], frozen when sent
    cc = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted_from = models.PositiveIntegerField(null=True)  # offset in `text` from which history is folded
    html_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    raw_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    charset = models.CharField(max_length=40, blank=True)  # as which the text was read; "" where there was no choice
    charset_reason = models.CharField(max_length=12, blank=True)  # declared, utf8, escapes, guessed, damaged, chosen
    cards = models.JSONField(default=list, blank=True)  # signature and events, as terms.card_values writes them
    remarks = models.JSONField(default=list, blank=True)  # [[code of terms.Remark, about], …]
    is_automatic = models.BooleanField(default=False)
    file_count = models.PositiveIntegerField(default=0)  # of its attachments
    sender_checks = models.JSONField(default=dict, blank=True)  # {"spf": "pass", …} as the receiving server stated
    sender_warnings = models.JSONField(default=list, blank=True)  # [{"sign": SenderSign, …values}, …]
    believed_at = models.DateTimeField(null=True)  # when a person said that the sender is who they say, all the same
    believed_took_topic = models.BooleanField(default=False)  # and the case lost the topic of a fraud by that
    message_key = models.CharField(max_length=200)  # normalised Message-ID, or a hash of the content
    in_reply_to = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.RECEIVED)
    leaves_at = models.DateTimeField(null=True)  # end of the undo window
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    server_words = models.CharField(max_length=500, blank=True)
    report_count = models.PositiveSmallIntegerField(default=0)  # of its bounce reports
    former_status = models.CharField(max_length=10, blank=True)  # of the case, to restore it on undo

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "message_key"], name="cases_message_once"),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | Q(delivery=Delivery.RECEIVED),
                name="cases_incoming_is_received",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="cases_message_thread"),
            models.Index(fields=["shop", "sender_mail", "-at"], name="cases_message_sender"),
            models.Index(
                fields=["delivery", "leaves_at"],
                condition=Q(delivery__in=[Delivery.HELD, Delivery.QUEUED, Delivery.SENDING, Delivery.DEFERRED]),
                name="cases_message_leaving",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.subject}"


class BounceReport(models.Model):
    """What a mail server reported about a message of ours and one address, with the report as it came.

    `given_up` is False while that server still tried.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="bounce_reports", db_index=False)
    at = models.DateTimeField()
    address = models.CharField(max_length=320, blank=True)
    kind = models.CharField(max_length=16, choices=BounceKind.choices)
    given_up = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    raw_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "address", "raw_blob"], name="cases_bounce_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"


class Attachment(models.Model):
    """A file of a message."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    struck_at = models.DateTimeField(null=True)  # when its content was struck out; `blob` holds a placeholder since

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """What staff write for each other. Customers never see one."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes", db_index=False)
    author = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="cases_note_thread")]

    def __str__(self) -> str:
        return self.text[:40]


class Draft(models.Model):
    """What one member of staff has begun to write in one case: one reply and one note each."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    author = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    is_note = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    read_at_version = models.PositiveIntegerField(default=1)  # Case.version on the author's screen
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "author", "is_note"], name="cases_draft_once")]

    def __str__(self) -> str:
        return self.text[:40]


class DraftFile(models.Model):
    """A file waiting in a draft to be sent."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word by which a shop groups cases."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="cases_tag_once")]

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    """A tag on a case."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="cases_case_tag_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.tag_id}"


class Counter(models.Model):
    """How many cases of a shop stand in one status with one owner (0: nobody); kept up by every write."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    owner_id = models.BigIntegerField(default=0)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "status", "owner_id"], name="cases_counter_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="cases_counter_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.status}/{self.owner_id}: {self.count}"
