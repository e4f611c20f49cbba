"""An advisory with its facts, its words in each language, those who may see it, and what was done to it."""

from django.db import models
from django.db.models import F, Q

from anshin.safety.terms import AdvisoryState, HazardClass, HazardType, LookedAt, Origin, RemedyKind, Severity

_PUBLIC = [AdvisoryState.RELEASED, AdvisoryState.CLOSED]


class AdvisoryNumbering(models.Model):
    """The last number that a shop gave to an advisory. Numbers are given at the release: a gap would tell of a seal."""

    shop = models.OneToOneField("shops.Shop", on_delete=models.CASCADE, related_name="+", primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.last_number}"


class Advisory(models.Model):
    """A caution about products, with its facts, entered once; what is shown and sent is drawn from them.

    `key` is the word in its address at the desk; `number` (S-0007) is None until the release. `publish_at` is a moment
    in UTC, `publish_zone` the IANA zone in which it was told; None while not known. `facts_version` grows with each
    change of a fact; words and approval name the version they were made for. `lead_language` is that whose words
    stand in when a translation is missing.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=24)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=AdvisoryState.choices, default=AdvisoryState.DRAFT)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.HAND)
    case = models.ForeignKey("cases.Case", on_delete=models.SET_NULL, null=True, related_name="+")  # it came from

    agency = models.CharField(max_length=120, blank=True)  # who publishes
    source_url = models.CharField(max_length=1000, blank=True)
    source_read_on = models.DateField(null=True)
    hazard_class = models.CharField(max_length=8, choices=HazardClass.choices)
    hazard_type = models.CharField(max_length=10, choices=HazardType.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=200)
    lead_language = models.CharField(max_length=8, default="ja")
    stop_using = models.BooleanField(default=True)
    must_come_back = models.BooleanField(default=False)  # whether the item has to be sent back for the remedy
    remedy = models.CharField(max_length=10, choices=RemedyKind.choices, default=RemedyKind.NONE)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_mail = models.CharField(max_length=320, blank=True)
    contact_hours = models.CharField(max_length=120, blank=True)
    picture = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    publish_at = models.DateTimeField(null=True)
    publish_zone = models.CharField(max_length=40, default="Asia/Tokyo")
    facts_version = models.PositiveIntegerField(default=1)

    author = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_version = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    wide_yes_to = models.PositiveIntegerField(default=0)  # matched products when a person said yes a second time
    holds = models.PositiveSmallIntegerField(default=0)  # how often in a row the mail server took none
    held_until_at = models.DateTimeField(null=True)  # until when no mail leaves, because the mail server takes none
    held_words = models.CharField(max_length=300, blank=True)  # what it said
    announced_at = models.DateTimeField(null=True)  # since when every buyer has a Notice
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    remind_every_days = models.PositiveSmallIntegerField(default=0)  # 0: nobody is reminded
    remind_most = models.PositiveSmallIntegerField(default=3)  # so many reminders at most
    sent_back_words = models.CharField(max_length=500, blank=True)  # what the second person wants changed
    ended_words = models.CharField(max_length=500, blank=True)  # why it was withdrawn or closed
    reopened_at = models.DateTimeField(null=True)
    reopened_words = models.CharField(max_length=500, blank=True)  # why it was opened again after it had been closed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="safety_key_once"),
            models.UniqueConstraint(fields=["shop", "number"], name="safety_number_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(author__isnull=True) | ~Q(approved_by=F("author")),
                name="safety_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(hazard_class="") & ~Q(hazard_type="") & ~Q(severity=""), name="safety_hazard_known"
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.INSIDE, state=AdvisoryState.DRAFT)
                | ~Q(agency="") & ~Q(source_url="") & Q(source_read_on__isnull=False),
                name="safety_source_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AdvisoryState.APPROVED, *_PUBLIC])
                | Q(
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    approved_version=F("facts_version"),
                    publish_at__isnull=False,
                )
                | Q(state__in=_PUBLIC, released_at__isnull=False, approved_by__isnull=False),
                name="safety_approved_as_it_stands",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_PUBLIC) | Q(number__isnull=False, released_at__isnull=False),
                name="safety_public_has_number",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("publish_at")),
                name="safety_never_before_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="safety_list"),
            models.Index(
                fields=["publish_at"], condition=Q(state=AdvisoryState.APPROVED), name="safety_to_be_released"
            ),
        ]

    def __str__(self) -> str:
        return self.key if self.number is None else f"S-{self.number:04}"


class AdvisoryWording(models.Model):
    """The words of one language. `version` is that of the facts for which they were written: older ones are stale."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="wordings", db_index=False)
    language = models.CharField(max_length=8)
    product = models.CharField(max_length=200)  # what people call it
    heading = models.CharField(max_length=200)  # 使うのをやめてください
    hazard = models.TextField()  # what happens, without softening words
    affected = models.TextField(blank=True)  # how one sees whether one has it: model, lots, where they stand
    what_to_do = models.TextField()
    remedy = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    written_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "language"], name="safety_wording_once")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.language}"


class Edition(models.Model):
    """Facts and words as a second person approved them; what is shown and sent comes from the newest live one.

    `content` is rules/content.py's form of terms.Content, `reach` rules/reaching.py's form of which lines it is about:
    what is changed later changes neither. `announced_at`: since when a mail is written for everybody it concerns.
    `live_at` is when it became public; None under the seal.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="editions", db_index=False)
    version = models.PositiveIntegerField()
    content = models.JSONField()
    reach = models.JSONField(default=list)
    picture = models.ForeignKey("files.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=True) | ~Q(approved_by=F("author")), name="safety_edition_two_people"
            ),
        ]
        indexes = [models.Index(fields=["advisory", "-id"], name="safety_editions")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.version}"


class Insider(models.Model):
    """A member of staff for whom the sealed advisory exists. Who is taken off keeps the row, with when."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="insiders", db_index=False)
    membership = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "membership"], name="safety_insider_once")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.membership_id}"


class Look(models.Model):
    """Somebody looked at the sealed advisory. Only ever added."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="looks", db_index=False)
    membership = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=LookedAt.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["advisory", "-id"], name="safety_looks")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.membership_id} {self.what}"


class SealedFact(models.Model):
    """A fact about a sealed advisory: an event of `events`, kept here because everybody's journal must not show it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="facts", db_index=False)
    event = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")  # None: program
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["advisory", "id"], name="safety_facts")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.event}"


class Preparation(models.Model):
    """One thing to be done before the publication: stop new orders, take stock off the shelf, print letters."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="preparations", db_index=False)
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("shops.Membership", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "position"], name="safety_preparation_once")]

    def __str__(self) -> str:
        return self.words
