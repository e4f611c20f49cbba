"""Words of the commerce room: sales channels, payment methods, carriers, kinds of contact."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class ContactKind(TextChoices):
    """How a customer can be reached and recognised."""

    MAIL = "mail", _("Mail")
    PHONE = "phone", _("Phone")


class ImportState(TextChoices):
    """Where an import of an order file stands."""

    MAPPING = "mapping", _("Waiting for you to name the columns")
    READY = "ready", _("Ready to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
