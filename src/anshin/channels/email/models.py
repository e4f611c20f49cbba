"""Tables of the mail channel: mailboxes, the ledger of everything that arrived, and every attempt to send."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from anshin.channels.email.pacing.turns import Lane
from anshin.channels.email.source_models import (  # noqa: F401  tables
    AppRegistration,
    Consent,
    Post,
    PostAddress,
    SpamChoice,
    Tidying,
)
from anshin.channels.email.terms import (
    Alert,
    ComparisonState,
    Fate,
    Outcome,
    Phase,
    Security,
    Service,
    SignIn,
    Source,
    Trouble,
)

RECEIVED_AT = Coalesce("server_date_at", "arrived_at")
"""When a mail counts as received: the mail server's word where there is one, else when we stored it."""


class Mailbox(models.Model):
    """One mail address of a shop with its servers.

    `takes_plus_addresses`: mail to name+anything@… arrives here, so replies can carry a token.
    `returns_per_message`: the envelope of each reply names an address of its own, to which its bounce comes back.
    `sends_by`: over SMTP or a sending service, whose key and place (see terms.Account) stand beside it.
    `signature_ja`, `signature_en`: stand below replies in these languages; empty: the writer's or the shop's.
    Without an `imap_host` nothing is fetched, without an `smtp_host` nothing is sent by SMTP. Passwords are sealed.
    `uidvalidity` and `last_uid` say how far the inbox was read (0: never). Mails up to `backlog_until_uid` were there
    at the first look; of these only those since `take_in_since_on` are taken. `stuck_uid` is a mail at which the
    connection broke, `stuck_tries` how often. `watched_until_at` is the lease of the process that listens for mail.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    address = models.CharField(max_length=320)
    display_name = models.CharField(max_length=200, blank=True)
    sign_in = models.CharField(max_length=10, choices=SignIn.choices, default=SignIn.PASSWORD)
    imap_host = models.CharField(max_length=255, blank=True)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security.choices, default=Security.TLS)
    imap_user = models.CharField(max_length=320, blank=True)
    imap_password_sealed = models.TextField(blank=True)
    smtp_host = models.CharField(max_length=255, blank=True)
    smtp_port = models.PositiveIntegerField(default=587)
    smtp_security = models.CharField(max_length=10, choices=Security.choices, default=Security.STARTTLS)
    smtp_user = models.CharField(max_length=320, blank=True)
    smtp_password_sealed = models.TextField(blank=True)
    takes_plus_addresses = models.BooleanField(default=False)
    sends_by = models.CharField(max_length=12, choices=Service.choices, default=Service.SMTP)
    service_key_sealed = models.TextField(blank=True)
    service_place = models.CharField(max_length=255, blank=True)
    report_key_sealed = models.TextField(blank=True)  # with which the service signs its reports
    returns_per_message = models.BooleanField(default=False)
    signature_ja = models.TextField(blank=True)
    signature_en = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    take_in_since_on = models.DateField(null=True)  # older mail is left alone at the first look; None: take all
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    backlog_until_uid = models.BigIntegerField(default=0)
    stuck_uid = models.BigIntegerField(default=0)
    stuck_tries = models.PositiveSmallIntegerField(default=0)
    last_checked_at = models.DateTimeField(null=True)
    last_arrival_at = models.DateTimeField(null=True)
    failing_since_at = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=20, choices=Trouble.choices, blank=True)
    last_error_words = models.CharField(max_length=500, blank=True)
    authserv_id = models.CharField(max_length=253, blank=True)  # named by a person: whose sender checks are believed
    learnt_authserv_id = models.CharField(max_length=253, blank=True)  # seen on top of the last mails instead
    authserv_seen = models.PositiveSmallIntegerField(default=0)  # how often in a row, no further than needed
    watched_until_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "address"], name="email_mailbox_once")]

    def __str__(self) -> str:
        return self.address


class Alias(models.Model):
    """A second address whose mail arrives in a mailbox; replies may leave from it, over the mailbox's server."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="aliases")
    address = models.CharField(max_length=320)
    display_name = models.CharField(max_length=200, blank=True)
    signature_ja = models.TextField(blank=True)
    signature_en = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "address"], name="email_alias_once")]

    def __str__(self) -> str:
        return self.address


class Arrival(models.Model):
    """One line of the ledger: a mail that arrived, where its bytes are kept and what became of it.

    `uidvalidity` and `uid` are the mailbox's own numbers (None when not fetched by IMAP). `dedupe_key` is the bare
    Message-ID or a hash, see rules.py. `is_header_only` marks a mail too large to be fetched whole.
    `sha256`, `letter_sha256` (set when something was struck out at `struck_at`) and `size_bytes` stay those of the mail
    as it came, so that it is recognised when it is fetched again.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="arrivals", db_index=False)
    source = models.CharField(max_length=10, choices=Source.choices)
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    raw_blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()  # as the server stated it; of the kept bytes otherwise
    is_header_only = models.BooleanField(default=False)
    dedupe_key = models.CharField(max_length=200)
    arrived_at = models.DateTimeField()  # when we stored it
    server_date_at = models.DateTimeField(null=True)  # when the mail server received it
    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.STORED)
    reason_code = models.CharField(max_length=60, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)
    sender_mail = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey("cases.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    letter_sha256 = models.CharField(max_length=64, blank=True)
    struck_at = models.DateTimeField(null=True)
    tidied_at = models.DateTimeField(null=True)  # when its mailbox was told what the owner wants done with it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "dedupe_key"], condition=~Q(fate=Fate.DUPLICATE), name="email_arrival_once"
            ),
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"], condition=Q(uid__isnull=False), name="email_arrival_uid_once"
            ),
            models.CheckConstraint(condition=Q(fate__in=Fate.values), name="email_arrival_known_fate"),
        ]
        indexes = [
            models.Index(fields=["mailbox", "dedupe_key"], name="email_arrival_by_key"),
            models.Index("mailbox", RECEIVED_AT.desc(), F("id").desc(), name="email_arrival_by_received"),
            models.Index(fields=["shop", "sender_mail", "-arrived_at"], name="email_arrival_by_sender"),
            models.Index(
                fields=["mailbox", "uid"],
                condition=Q(tidied_at__isnull=True, uid__isnull=False),
                name="email_arrival_untidied",
            ),
            models.Index(
                fields=["shop", "fate", "-id"],
                condition=Q(fate__in=[Fate.STORED, Fate.QUARANTINED, Fate.WAITING]),
                name="email_arrival_in_view",
            ),
            models.Index(
                fields=["shop", "letter_sha256"], condition=Q(struck_at__isnull=False), name="email_arrival_struck"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fate} {self.dedupe_key}"


class MailDay(models.Model):
    """One line of the sheet "received = shown": what a mailbox received on one day, and what became of it.

    `on` is a day in the shop's zone. `server_count` is how many of its mails lay on the server when the two were
    compared (None: nothing to compare with), `ledger_count` how many lines the ledger has, `fates` how many of
    them have which fate. `missing_count` mails lie on the server and not in the ledger, the first of them under
    `first_missing_uid`; `brought_count` were missing and have been brought in by a comparison. `gone_count` lines stand
    for mails that the server does not have any more: somebody moved or deleted them there, we keep them.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="days", db_index=False)
    on = models.DateField()
    server_count = models.PositiveIntegerField(null=True)
    ledger_count = models.PositiveIntegerField(default=0)
    fates = models.JSONField(default=dict)
    missing_count = models.PositiveIntegerField(default=0)
    first_missing_uid = models.BigIntegerField(null=True)
    brought_count = models.PositiveIntegerField(default=0)
    gone_count = models.PositiveIntegerField(default=0)
    compared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "on"], name="email_mailday_once"),
            models.CheckConstraint(
                condition=Q(missing_count=0) | Q(first_missing_uid__isnull=False), name="email_mailday_missing_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.on}"


class Comparison(models.Model):
    """How far the latest comparison of a mailbox with its ledger has come. `total_count` mails lie on the server."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="comparison")
    state = models.CharField(max_length=10, choices=ComparisonState.choices, default=ComparisonState.WAITING)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    trouble_code = models.CharField(max_length=20, blank=True)  # of terms.Trouble
    trouble_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ComparisonState.values), name="email_comparison_known_state"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.state}"


class MailAlert(models.Model):
    """Something about a mailbox that owner and manager should look at, from when it was noticed to when it ended.

    `facts` holds the plain values of its sentence, see alerts.py. `told_at`: when it was mailed to the owners; None
    when it was not, because the same had been told shortly before.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    kind = models.CharField(max_length=10, choices=Alert.choices)
    facts = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "kind"], condition=Q(ended_at__isnull=True), name="email_alert_lasts_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=Alert.values), name="email_alert_known_kind"),
        ]
        indexes = [
            models.Index(fields=["shop"], condition=Q(ended_at__isnull=True), name="email_alert_lasting"),
            models.Index(fields=["mailbox", "-began_at", "-id"], name="email_alert_of_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.kind}"


class LearnedRhythm(models.Model):
    """What a mailbox is used to (silence.Rhythm), learned once a day. `rates` None: too little is known yet."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="rhythm")
    rates = models.JSONField(null=True)
    usual_pause_minutes = models.PositiveIntegerField(default=0)
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mailbox_id}"


class SendAttempt(models.Model):
    """One try to hand a reply to a mail server, written before, between and after its steps (see adapter.py)."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey("cases.Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.CONNECTING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    server_words = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(phase=Phase.DONE), name="email_attempt_outcome_when_done"
            ),
        ]
        indexes = [models.Index(fields=["message", "-id"], name="email_attempt_of_message")]

    def __str__(self) -> str:
        return f"{self.phase} {self.outcome}"


class SendingLane(models.Model):
    """The way over one server of ours (`route`) to one receiver, as pacing.Lane; no shop's, since receivers know none.

    `receiver` is a key of carriers.RECEIVERS, a domain, or "" for the server itself. `holders` is
    {message id: until when}. `last_words` is what made the receiver's last pause.
    """

    route = models.CharField(max_length=280)
    receiver = models.CharField(max_length=255, blank=True)
    next_turn_at = models.DateTimeField()
    paused_until_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    refusals = models.PositiveSmallIntegerField(default=0)
    holders = models.JSONField(default=dict)
    last_words = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "receiver"], name="email_lane_once")]
        indexes = [models.Index(fields=["changed_at"], name="email_lane_idle")]

    def __str__(self) -> str:
        return f"{self.route} → {self.receiver or '*'}"

    def state(self) -> Lane:
        """The row as a value."""
        holders = {int(key): datetime.fromisoformat(until) for key, until in self.holders.items()}
        return Lane(self.next_turn_at, self.paused_until_at, self.entered_at, self.refusals, holders)

    def keep(self, lane: Lane, *, now: datetime) -> None:
        """Write the value; the row is locked by the caller."""
        self.next_turn_at, self.paused_until_at = lane.next_turn_at, lane.paused_until_at
        self.entered_at, self.refusals, self.changed_at = lane.entered_at, lane.refusals, now
        self.holders = {str(key): until.isoformat() for key, until in lane.holders.items()}
        self.save()


class SendingTurn(models.Model):
    """When a waiting message's turn on a lane is; gone as soon as it has been taken."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    lane = models.ForeignKey(SendingLane, on_delete=models.CASCADE, related_name="turns", db_index=False)
    message = models.ForeignKey("cases.Message", on_delete=models.CASCADE, related_name="+")
    turn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "message"], name="email_turn_once")]

    def __str__(self) -> str:
        return f"{self.lane_id} {self.message_id} {self.turn_at:%H:%M:%S}"
