"""Words of a case: whose turn it is, how it came, how it ended, who stands on the customer’s side."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Whose turn it is. `open` waits for us, `waiting` for the customer."""

    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")


class Channel(TextChoices):
    """How a case or message reached us."""

    EMAIL = "email", _("Mail")
    WEB_FORM = "web_form", _("Web form")
    PHONE = "phone", _("Phone")
    PORTAL = "portal", _("Customer page")
    DESK = "desk", _("Opened by the desk")


class UrgentWhy(StrEnum):
    """Why a case cannot wait that no message tells of; messages have language.topics.urgency.UrgentKind."""

    EVIDENCE = "evidence"


class Resolution(TextChoices):
    """How a case ended; a case closes only with one (requirement row 97)."""

    ANSWERED = "answered", _("Answered the question")
    ORDER_CHANGED = "order_changed", _("Changed or cancelled the order")
    REPLACED = "replaced", _("Sent a replacement or exchanged")
    REFUNDED = "refunded", _("Refunded")
    DECLINED = "declined", _("Explained why it is not possible")
    NO_REPLY = "no_reply", _("The customer did not write again")
    DUPLICATE = "duplicate", _("Merged into another case")
    NOT_A_CASE = "not_a_case", _("No answer needed")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the customer's side of a case."""

    name: str
    mail: str
