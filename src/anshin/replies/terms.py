"""Words of the replies room: languages of a macro, its placeholders, what is missing in a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    SHIPMENT_CARRIER = "shipment.carrier", _("Carrier")
    SHIPMENT_TRACKING = "shipment.tracking", _("Tracking number")
    SHIPMENT_URL = "shipment.url", _("Tracking page")
    SHIPMENT_DATE = "shipment.date", _("Day of dispatch")
    CASE_NUMBER = "case.number", _("Number of the case")
    CASE_SUBJECT = "case.subject", _("Subject of the case")
    SHOP_NAME = "shop.name", _("Name of the shop")
    SHOP_MAIL = "shop.mail", _("Contact address of the shop")
    WRITER_NAME = "writer.name", _("Name of the writer")
    TODAY = "today", _("Today")
    PROMISE_DATE = "promise.date", _("Day of our next answer")


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


@dataclass(frozen=True, slots=True)
class Sending:
    """What a reply brings with it from its macros: `uses` (ids), and what the writer left on of what they offer."""

    uses: tuple[int, ...] = ()
    closes_with: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MacroContent:
    """What a person writes when they write a macro. `texts`: language to text; `topics`: codes, the main one first."""

    name: str
    topics: tuple[str, ...]
    texts: Mapping[str, str]
    closes_with: str = ""
    adds_tags: tuple[str, ...] = field(default=())
