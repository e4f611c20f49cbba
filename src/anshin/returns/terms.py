"""Words of the returns room: why something comes back, what the policy says, and where a return stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(TextChoices):
    """Why a customer sends something back (requirements 55, 108)."""

    NOT_AS_PICTURED = "not_as_pictured", _("Not like the picture")
    DEFECT = "defect", _("Defective")
    DAMAGED = "damaged", _("Damaged on the way")
    WRONG_ITEM = "wrong_item", _("Another item arrived")
    MISSING_PART = "missing_part", _("Something is missing")
    CHANGED_MIND = "changed_mind", _("Changed my mind")
    ORDERED_WRONG = "ordered_wrong", _("Ordered by mistake")
    TOO_LATE = "too_late", _("Arrived too late")
    OTHER = "other", pgettext_lazy("reason", "Another reason")


class ImprovementState(TextChoices):
    """Whether somebody still has to look at a product's page."""

    OPEN = "open", pgettext_lazy("improvement", "Open")
    DONE = "done", pgettext_lazy("improvement", "Changed")
    DISMISSED = "dismissed", pgettext_lazy("improvement", "Dismissed")


class SubReason(TextChoices):
    """What is not like the picture."""

    COLOUR = "colour", _("Colour")
    SHAPE = "shape", _("Shape")
    SIZE = "size", _("Size")
    MATERIAL = "material", _("Material")


class Condition(TextChoices):
    """In what state the item is, as the customer says."""

    UNUSED = "unused", _("Not used")
    OPENED = "opened", _("Opened, not used")
    USED = "used", pgettext_lazy("condition", "Used")


class Wish(TextChoices):
    """What the customer would like."""

    REFUND = "refund", pgettext_lazy("wish", "Money back")
    EXCHANGE = "exchange", pgettext_lazy("wish", "Exchange")
    REPAIR = "repair", pgettext_lazy("wish", "Repair")
    KEEP = "keep", _("Keep it for part of the price")


class Verdict(TextChoices):
    """What the policy says about a request."""

    ALLOWED = "allowed", pgettext_lazy("verdict", "Allowed")
    NEEDS_PERSON = "needs_person", _("A person decides")
    REFUSED = "refused", pgettext_lazy("verdict", "Refused")


class Payer(TextChoices):
    """Who pays the postage of a return."""

    SHOP = "shop", pgettext_lazy("payer", "Shop")
    CUSTOMER = "customer", pgettext_lazy("payer", "Customer")


class PolicyState(TextChoices):
    """Whether a version of the policy still changes."""

    DRAFT = "draft", pgettext_lazy("policy", "Draft")
    PUBLISHED = "published", pgettext_lazy("policy", "Published")


class StartEvent(TextChoices):
    """From when the days of a period count."""

    DELIVERY = "delivery", _("Delivery to the customer")
    ORDER = "order", pgettext_lazy("start", "Order")
    SHIPPING = "shipping", pgettext_lazy("start", "Shipping")


class ShownPlace(TextChoices):
    """Where terms have to be shown to bind a buyer (特定商取引法15条の3)."""

    CART = "cart", _("Near the cart button")
    FINAL_PAGE = "final_page", _("On the final confirmation page")


class Axis(TextChoices):
    """The questions that a return answers apart from each other; an exchange has one more."""

    APPROVAL = "approval", _("Approval")
    PARCEL = "parcel", _("Parcel")
    INSPECTION = "inspection", _("Inspection")
    MONEY = "money", pgettext_lazy("axis", "Refund")
    EXCHANGE = "exchange", pgettext_lazy("axis", "Exchange")


FOUR_AXES = (Axis.APPROVAL, Axis.PARCEL, Axis.INSPECTION, Axis.MONEY)
"""Those that every return has; the fifth is only an exchange's."""


class Approval(TextChoices):
    """Whether the shop takes the item back."""

    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", pgettext_lazy("approval", "Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the customer")


class ParcelState(TextChoices):
    """Where the item is."""

    NOT_YET = "not_yet", pgettext_lazy("parcel", "Not yet")
    AWAITED = "awaited", _("Awaited")
    ON_ITS_WAY = "on_its_way", pgettext_lazy("parcel", "On its way")
    PARTLY_HERE = "partly_here", _("Partly here")
    HERE = "here", pgettext_lazy("parcel", "Here")
    LOST = "lost", _("Lost on the way")
    NOT_NEEDED = "not_needed", pgettext_lazy("parcel", "Not needed")


class InspectionState(TextChoices):
    """What was found out about the item."""

    NOT_YET = "not_yet", pgettext_lazy("inspection", "Not yet")
    UNDER_WAY = "under_way", pgettext_lazy("inspection", "Under way")
    GOOD = "good", pgettext_lazy("inspection", "Good")
    DIFFERS = "differs", pgettext_lazy("inspection", "Not as it should be")
    NOT_NEEDED = "not_needed", pgettext_lazy("inspection", "Not needed")


class MoneyState(TextChoices):
    """Whether the customer has the money back."""

    NOT_YET = "not_yet", pgettext_lazy("money", "Not yet")
    TO_CONFIRM = "to_confirm", _("Waits to be confirmed")
    SECOND = "second", _("Waits for a second person")
    SENDING = "sending", pgettext_lazy("money", "Under way")
    PAID = "paid", _("Paid back")
    FAILED = "failed", pgettext_lazy("money", "Did not get through")
    NOT_DUE = "not_due", pgettext_lazy("money", "Not due")


class ExchangeState(TextChoices):
    """Whether the customer has what they wanted instead."""

    NONE = "none", pgettext_lazy("exchange", "Not an exchange")
    TO_SEND = "to_send", pgettext_lazy("exchange", "To be sent")
    OUT_OF_STOCK = "out_of_stock", pgettext_lazy("exchange", "Out of stock")
    SENT = "sent", pgettext_lazy("exchange", "Has left")
    DROPPED = "dropped", pgettext_lazy("exchange", "Not sent after all")


class CheckResult(TextChoices):
    """What one of the three checks of an inspection found."""

    OK = "ok", pgettext_lazy("check", "Good")
    BAD = "bad", pgettext_lazy("check", "Not good")
    DOES_NOT_APPLY = "does_not_apply", _("Does not apply")


class Grade(TextChoices):
    """In what state the item came back."""

    A = "a", _("A: as new")
    B = "b", _("B: opened")
    C = "c", _("C: used")
    D = "d", _("D: broken")


class Disposition(TextChoices):
    """What becomes of the item."""

    RESTOCK = "restock", _("Back into stock")
    SCRAP = "scrap", _("Scrap")
    SEND_BACK = "send_back", _("Back to the customer")
    MISSING = "missing", _("Was not in the parcel")


class WaitsFor(TextChoices):
    """Whose turn it is."""

    CUSTOMER = "customer", pgettext_lazy("turn", "Customer")
    STAFF = "staff", pgettext_lazy("turn", "Customer service")
    WAREHOUSE = "warehouse", pgettext_lazy("turn", "Warehouse")
    MANAGER = "manager", pgettext_lazy("turn", "Manager")
    PROVIDER = "provider", pgettext_lazy("turn", "Bank or payment provider")
    NOBODY = "nobody", pgettext_lazy("turn", "Nobody")


class PhotoStage(TextChoices):
    """When a photo was taken."""

    REQUEST = "request", _("With the request")
    ARRIVAL = "arrival", _("On arrival")
    INSPECTION = "inspection", _("At the inspection")


class SettlementKind(TextChoices):
    """What a calculation is for."""

    GOODS = "goods", _("Price of goods")
    EXPENSE = "expense", _("Expense of the customer")


class ItemKind(TextChoices):
    """One line of a settlement's arithmetic."""

    GOODS = "goods", _("Price of the goods")
    DELIVERY = "delivery", _("Postage of the delivery")
    PAYMENT_FEE = "payment_fee", _("Payment fee")
    COUPON = "coupon", _("Coupon")
    DISCOUNT = "discount", pgettext_lazy("settlement", "Discount")
    CHARGE = "charge", _("What else the order cost")
    POINTS = "points", _("Points that were used")
    RETURN_POSTAGE = "return_postage", _("Postage of the return")
    FEE = "fee", _("Return fee")
    DEDUCTION = "deduction", _("Deduction for the state it came back in")


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of the policy as it is quoted: number (第4条2項) and text."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """One condition that was looked at: `code` (in_time, unused, photos, accessories, returnable, stated …), whether it
    holds, and a detail for people ("" for none)."""

    code: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the policy in force at the order says about one line.

    `until`: last day on which the return may be asked for, None when no period applies. `is_by_law`: the shop had not
    stated its terms, so the eight days of 特商法15条の3 apply and the buyer pays. `policy_id` None: by law only.
    """

    verdict: Verdict
    payer: Payer
    clause: Clause
    policy_id: int | None = None
    policy_label: str = ""
    checks: tuple[PolicyCheck, ...] = ()
    until: date | None = None
    is_by_law: bool = False
    needs_photos: bool = False
    fee_yen: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a return stands on its axes."""

    approval: Approval = Approval.ASKED
    parcel: ParcelState = ParcelState.NOT_YET
    inspection: InspectionState = InspectionState.NOT_YET
    money: MoneyState = MoneyState.NOT_YET
    exchange: ExchangeState = ExchangeState.NONE


class LabelPaper(TextChoices):
    """On what a return label is printed."""

    A6 = "a6", _("A6 (label printer)")
    A4 = "a4", _("A4 (cut out)")
    A4_FOUR = "a4x4", _("A4, four labels on a sheet")


class BarCode(TextChoices):
    """Which bar code a return label bears beside its QR code."""

    CODE128 = "code128", _("Code 128")
    NW7 = "nw7", _("NW-7")


class BulkVerb(TextChoices):
    """What is done with several returns at once."""

    APPROVE = "approve", pgettext_lazy("bulk", "Approve")
    CONFIRM = "confirm", pgettext_lazy("bulk", "Confirm refunds")
    LABELS = "labels", pgettext_lazy("bulk", "Print labels")


class BulkState(TextChoices):
    """What became of one of them."""

    WAITING = "waiting", pgettext_lazy("bulk", "Waits")
    DONE = "done", pgettext_lazy("bulk", "Done")
    REFUSED = "refused", pgettext_lazy("bulk", "Not done")
