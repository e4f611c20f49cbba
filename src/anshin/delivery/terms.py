"""Words of the delivery room: what is wrong with what arrived, how it is found out, what is arranged."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anshin.commerce.terms import Fault


class TroubleKind(TextChoices):
    """What is wrong with what arrived."""

    WRONG_ITEM = "wrong_item", _("Another item arrived")
    DAMAGED = "damaged", _("It arrived broken")
    MISSING_PART = "missing_part", _("Something is missing")
    NOT_ARRIVED = "not_arrived", _("Nothing arrived")
    EXCHANGE = "exchange", pgettext_lazy("trouble", "Exchange")


TOLD_BY_STAFF = tuple(kind for kind in TroubleKind if kind != TroubleKind.EXCHANGE)
"""What people write down; an exchange comes from a return."""


class TroubleState(TextChoices):
    """How far a trouble is."""

    LOOKING = "looking", _("Find out whose doing it was")
    ARRANGING = "arranging", _("Being put right")
    SETTLED = "settled", pgettext_lazy("trouble", "Settled")


class ArrivedAs(TextChoices):
    """What arrived, compared with the order."""

    NOT_TOLD = "not_told", pgettext_lazy("arrived", "Not known yet")
    AS_ORDERED = "as_ordered", _("What was ordered")
    OTHER_ITEM = "other_item", _("Another item")
    BROKEN = "broken", _("The item, broken")
    INCOMPLETE = "incomplete", _("The item, not complete")


class BoxState(TextChoices):
    """How the parcel looked from outside."""

    NOT_TOLD = "not_told", pgettext_lazy("box", "Not known yet")
    SOUND = "sound", _("The box is sound")
    DAMAGED = "damaged", _("The box is crushed, wet or torn")
    OPENED = "opened", _("The box was opened before")


class EvidenceKind(TextChoices):
    """What a picture or file shows."""

    ARRIVED = "arrived", _("What arrived")
    BOX = "box", _("The box")
    PACKED = "packed", _("Taken while packing")
    PAGE = "page", _("The page of the shop")
    OTHER = "other", pgettext_lazy("evidence", "Something else")


class Certainty(TextChoices):
    """How much the evidence says."""

    CLEAR = "clear", pgettext_lazy("certainty", "Clear")
    LIKELY = "likely", pgettext_lazy("certainty", "Likely")
    OPEN = "open", pgettext_lazy("certainty", "Cannot be told")


class Why(TextChoices):
    """A sentence for what speaks for a finding; places in it are filled from Finding.values."""

    PACKED_OTHER = "packed_other", _("The packing record names %(packed)s, ordered was %(ordered)s.")
    PACKED_TOO_FEW = "packed_too_few", _("%(packed_quantity)s were packed, ordered were %(ordered_quantity)s.")
    WEIGHT_OFF = "weight_off", _("The parcel weighed %(weight)s g; %(expected)s g would be right.")
    PACKED_RIGHT = "packed_right", _("The packing record agrees with the order.")
    NOT_RECORDED = "not_recorded", _("Nobody wrote down what was packed.")
    ARRIVED_AS_ORDERED = "arrived_as_ordered", _("The photos show %(ordered)s, just as ordered.")
    ARRIVED_OTHER = "arrived_other", _("The photos show another item than ordered.")
    RECORD_AGAINST_PHOTO = "record_against_photo", _("The record and the photo from packing speak against the photos.")
    BOX_DAMAGED = "box_damaged", _("The photos show a box that was crushed, wet or torn.")
    BOX_OPENED = "box_opened", _("The photos show a box that was opened before.")
    BOX_SOUND = "box_sound", _("The box is sound, so it was broken before or packed too thinly.")
    BOX_NOT_TOLD = "box_not_told", _("How the box looked is not known.")
    NO_PHOTOS = "no_photos", _("There is no photo of what arrived.")
    PAGE_DIFFERS = "page_differs", _("The page of the shop showed something else than was sold.")
    NOT_LOOKED_AT = "not_looked_at", _("Nobody has said yet what the photos show.")
    NEVER_SHIPPED = "never_shipped", _("The order has not left the shop.")
    WITH_THE_RETURN = "with_the_return", _("It is an exchange: whose doing it was is decided with the return.")
    ASK_THE_CARRIER = "ask_the_carrier", _("Only the carrier can tell where the parcel is.")


class Insert(TextChoices):
    """What goes into a re-sent parcel beside the goods."""

    LETTER = "letter", _("Letter of apology")
    SAMPLE = "sample", _("Sample as a small present")
    RETURN_LABEL = "return_label", _("Label for sending the other item back")


class Payer(TextChoices):
    """Who bears a cost."""

    SHOP = "shop", pgettext_lazy("payer", "Shop")
    CUSTOMER = "customer", pgettext_lazy("payer", "Customer")


class CostKind(TextChoices):
    """What a cost is for."""

    OUTBOUND = "outbound", _("Sending again")
    RETURN = "return", _("Bringing back")
    GOODWILL = "goodwill", _("Goodwill")


class ReshipmentState(TextChoices):
    """Where a re-shipment stands."""

    PLANNED = "planned", _("To be packed")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", pgettext_lazy("re-shipment", "On its way")
    DELIVERED = "delivered", pgettext_lazy("re-shipment", "Arrived")
    CANCELLED = "cancelled", pgettext_lazy("re-shipment", "Cancelled")


class PickUpState(TextChoices):
    """Where the pick-up of what came by mistake stands."""

    TO_BOOK = "to_book", _("To be booked")
    BOOKED = "booked", _("Booked")
    COLLECTED = "collected", _("Collected")
    MISSED = "missed", _("The carrier came in vain")
    WAIVED = "waived", _("Not wanted back")


class Slot(TextChoices):
    """At what time of the day the carrier comes."""

    ANY = "any", _("Any time")
    MORNING = "morning", _("In the morning")
    FROM_12 = "12-14", _("12:00–14:00")
    FROM_14 = "14-16", _("14:00–16:00")
    FROM_16 = "16-18", _("16:00–18:00")
    FROM_18 = "18-20", _("18:00–20:00")
    FROM_19 = "19-21", _("19:00–21:00")


class ApologyLevel(TextChoices):
    """How far an apology may go."""

    EXPERIENCE = "experience", _("For the trouble, not for a fault")
    FAULT = "fault", _("For our mistake")
    CARRIER = "carrier", _("For what happened on the way")
    MISUNDERSTANDING = "misunderstanding", _("For the page that was hard to understand")


@dataclass(frozen=True, slots=True)
class Ordered:
    """The position in question, as sold."""

    sku: str
    name: str
    variant: str
    quantity: int

    @property
    def label(self) -> str:
        """Name and variant in one."""
        return " ".join(filter(None, (self.name, self.variant)))


@dataclass(frozen=True, slots=True)
class Packed:
    """What a packing record says. Units: grams, None when nobody weighed."""

    sku: str
    name: str
    quantity: int
    weight_g: int | None = None
    expected_g: int | None = None
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a finding is made from.

    `arrived_as` and `box` are what a person read from the customer's words and photos. `page_differs`: the page showed
    something else at the time of the order. `was_shipped`: the order has left the shop.
    """

    kind: TroubleKind
    ordered: Ordered
    packed: Packed | None = None
    arrived_as: ArrivedAs = ArrivedAs.NOT_TOLD
    box: BoxState = BoxState.NOT_TOLD
    has_photos: bool = False
    page_differs: bool = False
    was_shipped: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What the evidence says about whose doing it was: a proposal, a person decides."""

    fault: Fault
    certainty: Certainty
    why: tuple[Why, ...]
    values: dict[str, str | int] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reasons in the reader's language."""
        return tuple(str(each.label) % self.values for each in self.why)


LONGEST_SAID, LONGEST_REASON = 4000, 500
"""Characters of what the customer says, and of a reason."""
MOST_COST_YEN = 1_000_000
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")


class PackingField(TextChoices):
    """What a column of a file of packing records means."""

    NUMBER = "number", _("Order number")
    SKU = "sku", _("Product number")
    NAME = "name", _("Product name")
    QUANTITY = "quantity", _("Quantity")
    PACKED_AT = "packed_at", _("Packed at")
    PACKED_BY = "packed_by", _("Packed by")
    WEIGHT = "weight", _("Weight of the parcel")
    LOT = "lot", _("Lot number")


PACKING_NEEDED = (PackingField.NUMBER, PackingField.SKU, PackingField.QUANTITY, PackingField.PACKED_AT)
"""Without these a row says nothing of what was packed."""
