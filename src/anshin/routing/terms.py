"""Words of the routing room: when a rule looks at a case, what it asks, and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Trigger(TextChoices):
    """When a rule looks at a case."""

    OPENED = "opened", _("When a case is opened")
    MESSAGE = "message", _("When a message of the customer comes")
    TOPIC = "topic", _("When a message has been read for its topic")
    DUE_SOON = "due_soon", _("When an answer is due soon")
    OVERDUE = "overdue", _("When an answer is overdue")
    CLOSED = "closed", _("When a case is closed")


class Field(TextChoices):
    """What a condition looks at."""

    WORDS = "words", _("Subject or text")
    CHANNEL = "channel", _("Way of arrival")
    TOPIC = "topic", _("Topic")
    LANGUAGE = "language", _("Language")
    URGENT = "urgent", _("Urgency")
    DOMAIN = "domain", _("Sender’s domain")
    OPENING = "opening", _("Opening hours")
    WEEKDAY = "weekday", _("Day of the week")
    TAG = "tag", _("Tag")
    OWNER = "owner", _("Owner of the case")
    STATUS = "status", _("Status")
    CUSTOMER_TAG = "customer_tag", _("Customer’s tag")
    CASE_COUNT = "case_count", _("Customer’s cases so far")
    ORDER_COUNT = "order_count", _("Customer’s orders so far")
    ORDER_TOTAL = "order_total", _("Amount of the order")
    ORDER_STATE = "order_state", _("State of the order")
    ORDER_GIFT = "order_gift", _("Gift")


class Op(TextChoices):
    """How a condition compares."""

    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    AT_LEAST = "at_least", _("at least")
    BELOW = "below", _("below")


class Effect(TextChoices):
    """What a rule does."""

    ASSIGN = "assign", _("Give the case to somebody")
    ASSIGN_SKILLED = "assign_skilled", _("Give the case to whoever has the skill and the fewest cases")
    ASSIGN_LEAST = "assign_least", _("Give the case to whoever has the fewest cases")
    TAG = "tag", _("Add a tag")
    CUSTOMER_TAG = "customer_tag", _("Add a tag to the customer")
    URGENT = "urgent", _("Set the urgency")
    SNOOZE = "snooze", _("Put the case away")
    NOTE = "note", _("Write a note")
    ANSWER = "answer", _("Tell the customer that the message has arrived")
    ESCALATE = "escalate", _("Escalate")


class SkillKind(TextChoices):
    """What a skill is about."""

    LANGUAGE = "language", _("Language")
    TOPICS = "topics", _("Group of topics")
    WORD = "word", _("Other skill")


class EscalationState(TextChoices):
    """How an escalation stands."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Taken on")
    GIVEN_BACK = "given_back", _("Given back")


class PathStep(TextChoices):
    """Who is to know of a case whose deadline is near or past; a member of staff's id stands for that person."""

    NOBODY = "nobody", _("Tell nobody")
    HOLDER = "holder", _("Tell whoever has the case")
    MANAGER = "manager", _("Put it before a manager")
    SHOP_OWNER = "owner", _("Put it before the owner of the shop")


class PathDid(TextChoices):
    """What a step of an escalation path came to."""

    TOLD = "told", _("Told")
    PUT = "put", _("Put before somebody")
    LISTED = "listed", _("Stands in the list of what is due")


NUMBER_OPS = (Op.AT_LEAST, Op.BELOW)
PLAIN_OPS = (Op.IS, Op.IS_NOT)
OPS: Mapping[str, tuple[Op, ...]] = {
    Field.CASE_COUNT: NUMBER_OPS,
    Field.ORDER_COUNT: NUMBER_OPS,
    Field.ORDER_TOTAL: NUMBER_OPS,
}
"""How each field can be compared; fields that are missing: PLAIN_OPS."""
LISTED = frozenset({Field.WORDS, Field.DOMAIN})
"""Fields whose value may list several, any of which will do."""
ONCE_A_CASE = frozenset({Effect.NOTE, Effect.ANSWER, Effect.ESCALATE})
"""What a rule does only once in a case, however often it looks at it."""
NOBODY = "nobody"
YES, NO = "yes", "no"
PATH_MOMENTS = (Trigger.DUE_SOON, Trigger.OVERDUE)
"""When an escalation path has a step."""
MANAGER = "manager"
"""Value of ESCALATE: the manager with the fewest cases, else the owner."""
FITTING = "fitting"
"""Value of ASSIGN_SKILLED: whoever knows the case's own language and topic."""
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
REACTION = "routing.run_rules"
"""Name of the reaction that asks the rules."""
ACTOR_PREFIX = "rule: "
"""What stands in the journal before the name of a rule that acts."""
PATH_ACTOR = "escalation path"
"""What stands in the journal where a channel's escalation path acts."""
MOST_CONDITIONS = 12
MOST_EFFECTS = 8
MOST_RULES = 200
LONGEST_VALUE = 400


@dataclass(frozen=True, slots=True)
class Condition:
    """One question; `value` as the form gives it. For a field in LISTED any of the words between commas will do."""

    field: Field
    op: Op
    value: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a rule does, with its value."""

    effect: Effect
    value: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """When … if … then. `needs_all`: every condition must hold, else any one; without conditions it always holds."""

    trigger: Trigger
    conditions: tuple[Condition, ...] = ()
    deeds: tuple[Deed, ...] = ()
    needs_all: bool = True
    stops: bool = False


@dataclass(frozen=True, slots=True)
class EscalationSteps:
    """A channel's path: who is to know when a deadline is near, and when it is past (PathStep or an id)."""

    soon: str
    overdue: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A case in short for somebody who has not read it. Texts are quoted from the case; moments as ISO, "" for none."""

    customer: str = ""
    order_count: int = 0
    orders: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    opened_at: str = ""
    message_count: int = 0
    asked: str = ""
    asked_at: str = ""
    answered: str = ""
    answered_at: str = ""
    promises: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    due_at: str = ""


@dataclass(frozen=True, slots=True)
class AnswerLetter:
    """A text with its subject."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when rules look at it. `text`: subject and text as `language.search_text.plain` writes
    them. What no rule asks is left at its default. `order_totals_yen` etc.: of the orders linked to the case."""

    channel: str = ""
    topics: frozenset[str] = frozenset()
    language: str = ""
    is_urgent: bool = False
    text: str = ""
    domain: str = ""
    is_open_hour: bool = True
    weekday: int = 0
    tags: frozenset[str] = frozenset()
    owner: str = NOBODY
    status: str = ""
    customer_tags: frozenset[str] = frozenset()
    case_count: int = 0
    order_count: int = 0
    order_totals_yen: tuple[int, ...] = ()
    order_states: frozenset[str] = frozenset()
    has_gift: bool = False
