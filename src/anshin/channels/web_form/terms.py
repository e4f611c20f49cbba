"""Words of the contact form: what a customer writes about, what each kind asks for, and what became of a submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What the customer writes about, in the customer's words; the first question (requirement row 93)."""

    NOT_ORDERED = "not_ordered", _("Something I did not order arrived, or I was billed for it")
    PAYMENT = "payment", _("A problem with the payment")
    WRONG_ITEM = "wrong_item", _("The wrong item arrived")
    DEFECT = "defect", _("The item is broken or does not work")
    NOT_ARRIVED = "not_arrived", _("My order has not arrived")
    RETURN = "return", _("Return, exchange or refund")
    CHANGE = "change", _("Change my order")
    CANCEL = "cancel", _("Cancel my order")
    RECEIPT = "receipt", _("Receipt or invoice")
    PRODUCT = "product", _("A question about an item")
    OTHER = "other", _("Something else")


class Wish(TextChoices):
    """What the customer would like to happen."""

    EXCHANGE = "exchange", _("Exchange it")
    REFUND = "refund", _("Get my money back")
    RETURN = "return", _("Send it back")
    PARTS = "parts", _("Get the missing parts")
    DELIVERY = "delivery", _("Get it as soon as possible")
    WHEREABOUTS = "whereabouts", _("Know where it is")
    STOP = "stop", _("Have the bill cancelled")
    EXPLANATION = "explanation", _("Have it explained")
    OPEN = "open", _("I have not decided yet")


class Fate(TextChoices):
    """What became of what somebody sent; every row has exactly one."""

    STORED = "stored", _("Kept, not looked at yet")
    TAKEN_IN = "taken_in", _("Became a case")
    INCOMPLETE = "incomplete", _("Sent back to the customer because something was missing")
    SUSPECT = "suspect", _("Sent back because it looked like a machine")
    FAILED = "failed", _("Could not be taken in, waits for a person")


@dataclass(frozen=True, slots=True)
class Intake:
    """What the second step asks for one kind. `topic` is the case's topic code; empty sentences are not asked."""

    topic: str
    icon: str
    what: str | Promise
    what_hint: str | Promise
    since: str | Promise = ""
    asks_order: bool = True
    asks_product: bool = False
    asks_bought: bool = False
    asks_photos: str | Promise = ""
    wishes: tuple[Wish, ...] = ()


_WHAT = _("What happened")
_ASK = _("What would you like to know")
_PHOTO_OF_ITEM = _("A picture of the item and of the label on the box helps us to answer at once.")

INTAKE: Mapping[str, Intake] = MappingProxyType(
    {
        Kind.NOT_ORDERED: Intake(
            topic="order.not_mine",
            icon="shield-alert",
            what=_WHAT,
            what_hint=_("What arrived, or what was billed? Which name and address are on it?"),
            since=_("When did it arrive"),
            asks_photos=_("A picture of the bill or of the label on the box helps us to answer at once."),
            wishes=(Wish.STOP, Wish.RETURN, Wish.EXPLANATION, Wish.OPEN),
        ),
        Kind.PAYMENT: Intake(
            topic="payment.problem",
            icon="credit-card",
            what=_WHAT,
            what_hint=_(
                "How did you pay, how much, and what does the screen or the bill say? Never write card numbers."
            ),
            since=_("Since when"),
            asks_photos=_("A picture of the screen or the bill, if you have one. Cover card numbers."),
        ),
        Kind.WRONG_ITEM: Intake(
            topic="item.wrong",
            icon="package",
            what=_WHAT,
            what_hint=_("Which item did you order, and which one arrived? Colour, size and number, please."),
            since=_("When did it arrive"),
            asks_product=True,
            asks_bought=True,
            asks_photos=_PHOTO_OF_ITEM,
            wishes=(Wish.EXCHANGE, Wish.REFUND, Wish.OPEN),
        ),
        Kind.DEFECT: Intake(
            topic="item.defect",
            icon="wrench",
            what=_WHAT,
            what_hint=_(
                "What is broken or does not work, and what did you try? Is anybody hurt? Then write that first."
            ),
            since=_("Since when"),
            asks_product=True,
            asks_bought=True,
            asks_photos=_PHOTO_OF_ITEM,
            wishes=(Wish.EXCHANGE, Wish.REFUND, Wish.PARTS, Wish.OPEN),
        ),
        Kind.NOT_ARRIVED: Intake(
            topic="delivery.late_or_missing",
            icon="truck",
            what=_WHAT,
            what_hint=_("For example: it says delivered but is not here; or nothing was announced since the order."),
            since=_("When did you order"),
            wishes=(Wish.WHEREABOUTS, Wish.DELIVERY, Wish.REFUND, Wish.OPEN),
        ),
        Kind.RETURN: Intake(
            topic="return.how",
            icon="undo-2",
            what=_("What would you like to send back, and why"),
            what_hint=_("Is it unused? Are the box and the tags still there?"),
            since=_("When did it arrive"),
            asks_product=True,
            asks_bought=True,
            wishes=(Wish.EXCHANGE, Wish.REFUND, Wish.OPEN),
        ),
        Kind.CHANGE: Intake(
            topic="order.change",
            icon="pencil",
            what=_("What shall be changed"),
            what_hint=_("For example: two instead of one; another address; another delivery day."),
        ),
        Kind.CANCEL: Intake(
            topic="order.cancel",
            icon="circle-x",
            what=_("What shall be cancelled"),
            what_hint=_("The whole order or some items? We ask for the reason only to get better."),
        ),
        Kind.RECEIPT: Intake(
            topic="payment.receipt",
            icon="file-text",
            what=_("What do you need"),
            what_hint=_("Which document, and which name shall be on it?"),
            asks_bought=True,
        ),
        Kind.PRODUCT: Intake(
            topic="product.info",
            icon="shopping-bag",
            what=_ASK,
            what_hint=_("For example size, material, stock, how to use it."),
            asks_order=False,
            asks_product=True,
        ),
        Kind.OTHER: Intake(
            topic="other",
            icon="message-circle",
            what=_ASK,
            what_hint=_("Write freely. If it is about an order, add its number."),
            asks_photos=_("Add pictures if they help."),
        ),
    }
)
TROUBLES = (Kind.NOT_ORDERED, Kind.PAYMENT, Kind.WRONG_ITEM, Kind.DEFECT, Kind.NOT_ARRIVED)
QUESTIONS = (Kind.RETURN, Kind.CHANGE, Kind.CANCEL, Kind.RECEIPT, Kind.PRODUCT, Kind.OTHER)
