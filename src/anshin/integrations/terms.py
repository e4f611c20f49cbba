"""Words of this room: what a key may do, what other programs are told of, where a telling stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anshin.shops.terms import Role


class Scope(TextChoices):
    """What a key may do with a kind of thing; never more than the member of staff for whom it works."""

    CASES_READ = "cases:read", _("Read cases")
    CASES_WRITE = "cases:write", _("Open and change cases")
    MESSAGES_READ = "messages:read", _("Read messages")
    MESSAGES_WRITE = "messages:write", _("Write replies and notes")
    CUSTOMERS_READ = "customers:read", _("Read customers")
    CUSTOMERS_WRITE = "customers:write", _("Change customers")
    ORDERS_READ = "orders:read", _("Read orders")
    ORDERS_WRITE = "orders:write", _("Bring orders in")


class WebhookState(TextChoices):
    """Whether an address is told."""

    ACTIVE = "active", _("Is told")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped: it did not answer")


class DeliveryState(TextChoices):
    """Where a telling stands for one address."""

    WAITING = "waiting", _("Is about to leave")
    HELD = "held", _("Waits for you")
    DELIVERED = "delivered", pgettext_lazy("webhook", "Delivered")
    FAILED = "failed", _("Given up")


class Failing(TextChoices):
    """Why a try failed."""

    STATUS = "status", _("It answered, but not with success")
    SLOW = "slow", _("It did not answer in time")
    UNREACHABLE = "unreachable", _("It cannot be reached")
    CERTIFICATE = "certificate", _("Its certificate is not valid")
    FORBIDDEN = "forbidden", _("The address is not open to everybody")


class EventType(TextChoices):
    """What other programs can be told of."""

    CASE_CREATED = "case.created", _("A case was opened")
    CASE_CHANGED = "case.changed", _("Owner, tags, topics, urgency or state of a case changed")
    CASE_CLOSED = "case.closed", _("A case was closed")
    CASE_REOPENED = "case.reopened", _("A case was opened again")
    MESSAGE_RECEIVED = "message.received", _("A customer wrote")
    MESSAGE_SENT = "message.sent", _("A reply left")
    RETURN_REQUESTED = "return.requested", _("A return was asked for")
    RETURN_CHANGED = "return.changed", _("A return made a step")
    ORDER_CREATED = "order.created", _("An order came in")
    ORDER_CHANGED = "order.changed", _("An order changed")
    REFUND_PAID = "refund.paid", _("Money went back")
    REFUND_FAILED = "refund.failed", _("A refund failed")
    CUSTOMER_CHANGED = "customer.changed", _("A customer’s tags changed")
    CUSTOMER_ERASED = "customer.erased", _("A customer was erased: delete them, too")


ROLES = (Role.OWNER, Role.MANAGER, Role.AGENT, Role.WAREHOUSE)
"""For whom a key may work: whoever sees what it tells. A role that sees less is not among them."""
TEST_EVENT = "webhook.test"
LIMIT = 600
WINDOW_SECONDS = 60
"""So many questions a key may ask in so many seconds."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a key may still ask for.

    `limit` questions in `window_seconds`; after `seconds_left` it is full again.
    """

    limit: int
    window_seconds: int
    left: int
    seconds_left: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What an address answered. `status` None: there was no answer. Units: `took_ms` milliseconds."""

    status: int | None
    failing: Failing | None
    took_ms: int
    said: str
    retry_after_seconds: int | None = None
