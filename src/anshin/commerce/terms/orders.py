"""Words about orders, customers and parcels, and what an order file tells."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SalesChannel(TextChoices):
    """Where an order was placed."""

    OWN = "own", _("Own shop")
    RAKUTEN = "rakuten", _("Rakuten")
    YAHOO = "yahoo", _("Yahoo! Shopping")
    AMAZON = "amazon", _("Amazon")
    SHOPIFY = "shopify", _("Shopify")
    EC_CUBE = "ec_cube", _("EC-CUBE")
    OTHER = "other", _("Other")


class PaymentMethod(TextChoices):
    """How an order is paid."""

    CARD = "card", _("Card")
    CASH_ON_DELIVERY = "cod", _("Cash on delivery")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    CONVENIENCE = "convenience", _("Convenience store")
    DEFERRED = "deferred", _("Deferred payment")
    AMAZON_PAY = "amazon_pay", _("Amazon Pay")
    PAYPAY = "paypay", _("PayPay")
    CARRIER = "carrier", _("Carrier billing")
    OTHER = "other", _("Other")


class Carrier(TextChoices):
    """Who carries the parcel."""

    YAMATO = "yamato", _("Yamato")
    SAGAWA = "sagawa", _("Sagawa")
    JAPAN_POST = "japan_post", _("Japan Post")
    OTHER = "other", _("Other")


class TrackingCheck(TextChoices):
    """What a tracking number says about itself."""

    FITS = "fits", _("The check digit fits")
    WRONG = "wrong", _("The check digit does not fit")
    OTHER_CARRIER = "other_carrier", _("Not the shape of this carrier’s numbers")
    UNKNOWN = "unknown", _("No known check digit")

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should compare the number with the slip."""
        return self in {TrackingCheck.WRONG, TrackingCheck.OTHER_CARRIER}


class ContactKind(TextChoices):
    """How a customer can be reached and recognised."""

    MAIL = "mail", _("Mail")
    PHONE = "phone", _("Phone")


class Reach(TextChoices):
    """Whether mail to an address arrives, as far as returned mails told."""

    OK = "ok", _("Mail arrives")
    DOUBTFUL = "doubtful", _("Mail has come back")
    UNREACHABLE = "unreachable", _("Mail does not arrive")


class BounceKind(TextChoices):
    """Why mail to an address came back."""

    UNKNOWN_USER = "unknown_user", _("There is no such address")
    UNKNOWN_DOMAIN = "unknown_domain", _("There is no such mail domain")
    TRY_LATER = "try_later", _("The other server could not take it")
    MAILBOX_FULL = "mailbox_full", _("The mailbox is full")
    REFUSED = "refused", _("Refused as spam or by the receiver’s settings")
    TOO_LARGE = "too_large", _("The mail is too large")
    POLICY = "policy", _("The other server does not trust the shop’s mail")
    UNKNOWN = "unknown", _("The reason is not known")


class Cleared(TextChoices):
    """Why an address counts as reachable again."""

    BY_HAND = "by_hand", _("a person said so")
    WROTE = "wrote", _("the customer wrote from it")
    ANSWERED = "answered", _("the customer answered a mail sent to it")
    NOTHING_CAME_BACK = "nothing_came_back", _("a later mail did not come back")


class ImportState(TextChoices):
    """Where an import of an order file stands."""

    MAPPING = "mapping", _("Waiting for you to name the columns")
    READY = "ready", _("Ready to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Cannot be imported")


class OrderField(TextChoices):
    """What a column of an order file can mean. Columns of the same meaning are put together."""

    NUMBER = "number", _("Order number")
    ORDERED_AT = "ordered_at", _("Ordered on")
    BUYER_NAME = "buyer_name", _("Buyer: name")
    BUYER_KANA = "buyer_kana", _("Buyer: reading of the name")
    BUYER_MAIL = "buyer_mail", _("Buyer: mail address")
    BUYER_PHONE = "buyer_phone", _("Buyer: phone number")
    RECIPIENT_NAME = "recipient_name", _("Recipient: name")
    RECIPIENT_POSTCODE = "recipient_postcode", _("Recipient: postcode")
    RECIPIENT_ADDRESS = "recipient_address", _("Recipient: address")
    RECIPIENT_PHONE = "recipient_phone", _("Recipient: phone number")
    PRODUCT = "product", _("Product name")
    SKU = "sku", _("Product number")
    VARIANT = "variant", _("Colour, size and so on")
    QUANTITY = "quantity", _("Quantity")
    UNIT_PRICE = "unit_price", _("Price of one, with tax")
    SHIPPING = "shipping", _("Shipping cost")
    FEE = "fee", _("Payment fee")
    DISCOUNT = "discount", _("Discount")
    TOTAL = "total", _("Total of the order")
    PAYMENT = "payment", _("Way of payment")
    DUE_ON = "due_on", _("To be paid by")
    PAID_AT = "paid_at", _("Paid on")
    CARRIER = "carrier", _("Carrier")
    TRACKING = "tracking", _("Tracking number")
    SHIPPED_AT = "shipped_at", _("Shipped on")
    DELIVERED_AT = "delivered_at", _("Delivered on")
    STATUS = "status", _("Status (to see cancelled orders)")
    WISHED_ON = "wished_on", _("Wished delivery day")
    REMARK = "remark", _("Remark")


class OrderState(TextChoices):
    """How far an order has come, as far as the selling system told."""

    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")
    UNPAID = "unpaid", _("Waiting for payment")
    PREPARING = "preparing", _("Being prepared")
    SHIPPED = "shipped", _("On its way")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")


class Outcome(TextChoices):
    """What taking in an order did."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")


class Fault(TextChoices):
    """Whose doing it was that something went wrong. Unknown is a state of its own and never the customer's."""

    SHOP = "shop", pgettext_lazy("fault", "Shop")
    CUSTOMER = "customer", pgettext_lazy("fault", "Customer")
    CARRIER = "carrier", pgettext_lazy("fault", "Carrier")
    MARKETPLACE = "marketplace", pgettext_lazy("fault", "Marketplace")
    UNKNOWN = "unknown", pgettext_lazy("fault", "Not known")


class ProductTag(TextChoices):
    """What is special about a product when it is to come back."""

    SALE = "sale", _("On sale")
    LIMITED = "limited", _("Limited edition")
    FOOD = "food", _("Food")
    HYGIENE = "hygiene", _("Hygiene article")
    MADE_TO_ORDER = "made_to_order", _("Made to order")


@dataclass(frozen=True, slots=True)
class TrackingNumber:
    """A tracking number as it was read.

    Shapes: `number` in half-width capitals and digits without hyphens; `carriers` are all whose number it can be: three
    share one shape, so it is often one of several, and empty when the shape is nobody’s.
    """

    number: str
    carriers: tuple[Carrier, ...]
    check: TrackingCheck


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered, as written with the order; every value may be empty."""

    name: str = ""
    kana: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the parcel goes; `lines` is prefecture, town, block and building in one text."""

    name: str = ""
    postcode: str = ""
    lines: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """One position. Units: `unit_price_yen` whole yen, tax included; None when the price is not told; `tax_rate`
    percent, 8 or 10."""

    name: str
    quantity: int
    unit_price_yen: int | None
    sku: str = ""
    variant: str = ""
    tax_rate: int = 10


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    """One way in which the order is paid; `amount_yen` None means the whole order.

    `reference` is the payment provider's id of the charge, `account_hint` what the customer knows it by (2206, the
    last digits of a card); "" when not told.
    """

    method: PaymentMethod
    amount_yen: int | None = None
    due_on: date | None = None
    paid_at: datetime | None = None
    reference: str = ""
    account_hint: str = ""


@dataclass(frozen=True, slots=True)
class IncomingShipment:
    """One parcel."""

    carrier: Carrier
    tracking_number: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """An order as a selling system tells it.

    Units: `*_yen` whole yen, tax included. `total_yen` None means: the sum of the parts. `coupon_yen` and
    `points_used` (a point is a yen) say which parts of `discount_yen` come back to the customer in another way.
    Empty `lines`, `payments` and `shipments` and empty texts mean "not told": what is already known stays.
    """

    channel: SalesChannel
    number: str
    ordered_at: datetime
    buyer: Buyer = Buyer()
    recipient: Recipient = Recipient()
    lines: tuple[IncomingLine, ...] = ()
    shipping_yen: int = 0
    fee_yen: int = 0
    discount_yen: int = 0
    coupon_yen: int = 0
    points_used: int = 0
    total_yen: int | None = None
    payments: tuple[IncomingPayment, ...] = ()
    shipments: tuple[IncomingShipment, ...] = ()
    is_cancelled: bool = False
    cancelled_at: datetime | None = None
    is_gift: bool = False
    wished_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class IncomingLines:
    """The positions of an order that was told in another file (Yahoo! writes orders and items apart)."""

    channel: SalesChannel
    number: str
    lines: tuple[IncomingLine, ...]
