"""Tables of the routing room."""

from django.db import models
from django.db.models import Q

from anshin.routing.terms import PATH_MOMENTS, EscalationState, PathDid


class Rule(models.Model):
    """A rule of a shop. It works while `live_version` is set; rules are asked by `position`, then age.

    `prepared`: code of one that comes with Anshin, "" for the shop's own.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    prepared = models.CharField(max_length=40, blank=True)
    live_version = models.ForeignKey("RuleVersion", on_delete=models.PROTECT, null=True, related_name="+")
    live_since_at = models.DateTimeField(null=True)
    run_count = models.PositiveIntegerField(default=0)
    last_run_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "prepared"], condition=~Q(prepared=""), name="routing_prepared_once"
            ),
            models.CheckConstraint(
                condition=Q(live_version__isnull=True, live_since_at__isnull=True)
                | Q(live_version__isnull=False, live_since_at__isnull=False, removed_at__isnull=True),
                name="routing_rule_live_since",
            ),
        ]
        indexes = [models.Index(fields=["shop", "position", "id"], name="routing_rule_order")]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule says, as it was written at one time; never changed afterwards but for having been tried."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # rules.as_stored
    made_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    tried_case_count = models.PositiveIntegerField(default=0)
    tried_hits = models.JSONField(default=list)  # [[case id, [places of the deeds that would have changed something]]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="routing_version_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"


class RuleRun(models.Model):
    """What a rule did in a case, because of one entry of the journal."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()  # of the journal, which lies below shops
    at = models.DateTimeField()
    did = models.JSONField(default=list)  # [[effect, what came of it], …]
    former_owner_id = models.BigIntegerField(null=True)  # to undo
    owner_id = models.BigIntegerField(null=True)
    added_tags = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "case", "entry_id"], name="routing_run_once")]
        indexes = [
            models.Index(fields=["rule", "-id"], name="routing_runs_of_rule"),
            models.Index(fields=["case"], name="routing_runs_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} → {self.case_id}"


class Skill(models.Model):
    """What a member of staff can do. `value`: a language, a group of topics, or the shop's own word."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)  # terms.SkillKind
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "value"], name="routing_skill_once"),
            models.CheckConstraint(condition=Q(kind__in=["language", "topics", "word"]), name="routing_skill_kind"),
        ]
        indexes = [models.Index(fields=["shop", "kind", "value"], name="routing_skills")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class Attendance(models.Model):
    """Whether a member of staff is away, and whether they are called at night. No row: present, not called."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.OneToOneField("shops.Membership", on_delete=models.CASCADE, related_name="+")
    away_since_at = models.DateTimeField(null=True)
    away_until_at = models.DateTimeField(null=True)  # None while away: until they come back
    is_on_call = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["shop"], name="routing_attendance_shop")]

    def __str__(self) -> str:
        return f"{self.member_id}"


class AnswerText(models.Model):
    """A shop's own text of the automatic answer in one language, with placeholders."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "language"], name="routing_answer_text_once")]

    def __str__(self) -> str:
        return f"{self.language}: {self.subject}"


class NightCall(models.Model):
    """That those on call were told of a case while the shop was closed."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"


class Handover(models.Model):
    """A note from one shift to the next, on the board of a day; carried over until it is done."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    text = models.TextField()
    author = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    receiver = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["shop", "on", "-id"], name="routing_handovers_of_day"),
            models.Index(fields=["shop", "-id"], condition=Q(done_at__isnull=True), name="routing_handovers_left"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class HandoverRead(models.Model):
    """That a member of staff has read a note."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+")
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="reads", db_index=False)
    member = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "member"], name="routing_handover_read_once")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.handover_id}"


class EscalationPath(models.Model):
    """What a shop has said of a channel's cases whose deadline is near or past; PathStep or a membership's id."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    soon = models.CharField(max_length=20)
    overdue = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "channel"], name="routing_one_path_a_channel")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.soon} → {self.overdue}"


class PathRun(models.Model):
    """What a path did about one deadline of a case: `entry_id` of the journal told of it."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    moment = models.CharField(max_length=12, choices=[(each.value, each.label) for each in PATH_MOMENTS])
    receiver = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+", db_index=False)
    did = models.CharField(max_length=8, choices=PathDid.choices)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "entry_id"], name="routing_path_run_once")]
        indexes = [models.Index(fields=["receiver", "at"], name="routing_path_runs_of_member")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.did} {self.receiver_id}"


class Escalation(models.Model):
    """A case that was put before somebody, with why, and with what was known then.

    `summary` is terms.Summary as JSON: quoted from the case, nothing made up. `answer_by_at`: until when the receiver
    is to answer.
    """

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    asked_by = models.ForeignKey("shops.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    rule_name = models.CharField(max_length=80, blank=True)  # where a rule asked
    moment = models.CharField(max_length=12, blank=True)  # where a channel's path asked: a Trigger of PATH_MOMENTS
    receiver = models.ForeignKey("shops.Membership", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=1000)
    summary = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=EscalationState.choices, default=EscalationState.OPEN)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=EscalationState.OPEN), name="routing_one_open_escalation"
            ),
            models.CheckConstraint(
                condition=Q(state=EscalationState.OPEN, answered_at__isnull=True)
                | (~Q(state=EscalationState.OPEN) & Q(answered_at__isnull=False)),
                name="routing_escalation_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="routing_escalations_of_case"),
            models.Index(fields=["shop", "state", "answer_by_at", "id"], name="routing_escalations"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.receiver_id}"
