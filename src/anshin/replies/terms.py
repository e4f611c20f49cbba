"""Words of the replies room: languages of a macro, its placeholders, what is missing in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(TextChoices):
    """The languages in which a macro can be written."""

    JA = "ja", _("Japanese")
    EN = "en", _("English")
    HANS = "zh-Hans", _("Chinese, simplified")
    HANT = "zh-Hant", _("Chinese, traditional")
    KO = "ko", _("Korean")


class Placeholder(TextChoices):
    """What a macro can have filled in. Nothing else may stand between {{ and }}."""

    CUSTOMER_NAME = "customer.name", _("Name of the customer")
    CUSTOMER_MAIL = "customer.mail", _("Mail address of the customer")
    ORDER_NUMBER = "order.number", _("Order number")
    ORDER_DATE = "order.date", _("Day of the order")
    ORDER_TOTAL = "order.total", _("Total of the order")
    ORDER_ITEMS = "order.items", _("Items of the order")
    ORDER_PAYMENT = "order.payment", _("Way of payment")
    ORDER_DUE = "order.due", _("To be paid by")
    ORDER_WISHED = "order.wished", _("Day on which the delivery was wished for")
    ADDRESS_WRITTEN = "address.written", _("Address to which the order was to go")
    ADDRESS_DOUBT = "address.doubt", _("What in that address does not fit its postcode")
    SHIPMENT_CARRIER = "shipment.carrier", _("Carrier")
    SHIPMENT_TRACKING = "shipment.tracking", _("Tracking number")
    SHIPMENT_URL = "shipment.url", _("Tracking page")
    SHIPMENT_DATE = "shipment.date", _("Day of dispatch")
    CASE_NUMBER = "case.number", _("Number of the case")
    CASE_SUBJECT = "case.subject", _("Subject of the case")
    SHOP_NAME = "shop.name", _("Name of the shop")
    SHOP_MAIL = "shop.mail", _("Contact address of the shop")
    WRITER_NAME = "writer.name", _("Name of the writer")
    STOCK_NOW = "stock.now", _("Stock of the item, and as of when")
    TODAY = "today", _("Today")
    PROMISE_DATE = "promise.date", _("Day of our next answer")
    APOLOGY = "apology", _("Apology, as far as the fault is decided")
    RETURN_NUMBER = "return.number", _("Number of the return")
    RETURN_ITEMS = "return.items", _("Items of the return")
    RETURN_CLAUSE = "return.clause", _("Paragraph of the policy that decides")
    RETURN_DUE = "return.due", _("Day by which the next step is due")
    RETURN_POSTAGE = "return.postage", _("Who pays the postage of the return")
    RETURN_SUM = "return.sum", _("Sum that is paid back")
    RETURN_WAY = "return.way", _("How the sum is paid back")
    RETURN_EXPECTED = "return.expected", _("Day on which the sum is expected to arrive")
    RETURN_LABEL = "return.label", _("Address of the return label")
    RETURN_PAGE = "return.page", _("Page of the return for the customer")
    RETURN_ACCOUNT = "return.account", _("Page on which the customer names an account")
    RESHIPMENT_ITEM = "reshipment.item", _("Item that is sent again")
    RESHIPMENT_CARRIER = "reshipment.carrier", _("Carrier of what is sent again")
    RESHIPMENT_TRACKING = "reshipment.tracking", _("Tracking number of what is sent again")
    PICK_UP_DAY = "pickup.day", _("Day and time of the pick-up")


class MacroStep(TextChoices):
    """The step of a return, or of trouble with a delivery, for which a macro is offered."""

    RECEIVED = "received", pgettext_lazy("macro step", "Return asked for")
    APPROVED = "approved", pgettext_lazy("macro step", "Return approved")
    REFUSED = "refused", pgettext_lazy("macro step", "Return refused")
    AWAITED = "awaited", pgettext_lazy("macro step", "Parcel awaited")
    ARRIVED = "arrived", pgettext_lazy("macro step", "Parcel arrived")
    INSPECTED = "inspected", pgettext_lazy("macro step", "Inspected, sum known")
    PAID = "paid", pgettext_lazy("macro step", "Paid back")
    FAILED = "failed", pgettext_lazy("macro step", "Refund failed")
    EXCHANGED = "exchanged", pgettext_lazy("macro step", "Exchange on its way")
    OUR_MISTAKE = "our_mistake", pgettext_lazy("macro step", "Wrong item, our mistake")
    MISUNDERSTANDING = "misunderstanding", pgettext_lazy("macro step", "Item differs from what was meant")
    ADDRESS = "address", pgettext_lazy("macro step", "Not delivered, the address does not fit")
    GIFT_DAY = "gift_day", pgettext_lazy("macro step", "Gift whose day is near")
    PROMOTION = "promotion", pgettext_lazy("macro step", "Bought for a promised reward")


class GapReason(StrEnum):
    """Why something between braces cannot leave."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in a text that must be filled by hand: `text[start:end]`, named as it stands between the braces."""

    start: int
    end: int
    name: str
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its placeholders filled in, as far as something is known."""

    text: str
    gaps: tuple[Gap, ...]


class PromiseState(TextChoices):
    """What became of a promise."""

    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    KEPT_LATE = "late", pgettext_lazy("promise", "Kept late")
    DROPPED = "dropped", pgettext_lazy("promise", "Dropped")


@dataclass(frozen=True, slots=True)
class PromiseChoices:
    """What the writer said of promises while sending.

    `shown`: keys of the promises that were on the screen; `made`: those of them that hold, with the day as chosen (None
    for as read). `asked`: ids of open promises that were shown; `kept`: those that this reply keeps.
    """

    shown: frozenset[str] = frozenset()
    made: Mapping[str, date | None] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sending:
    """What a reply brings with it from its macros: `uses` (ids), and what the writer left on of what they offer."""

    uses: tuple[int, ...] = ()
    closes_with: str = ""
    tags: tuple[str, ...] = ()
    snooze_days: int = 0
    despite: str = ""
    promises: PromiseChoices | None = None


@dataclass(frozen=True, slots=True)
class MacroContent:
    """What a person writes when they write a macro. `texts`: language to text; `topics`: codes, the main one first."""

    name: str
    topics: tuple[str, ...]
    texts: Mapping[str, str]
    closes_with: str = ""
    adds_tags: tuple[str, ...] = field(default=())
    steps: tuple[str, ...] = ()  # codes of MacroStep for which it is offered
    snooze_days: int = 0  # business days for which it offers to put the case away; 0 for none
