"""What the slips' screens say of a parcel, and where its problems can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from anshin.delivery.ports import RECEIVER, SENDER, SlipWarning
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.slips.terms import NumberOutcome, ParcelKey, SlipKind
from anshin.staff.address_words import address_doubt
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.shops.models import Membership
    from anshin.slips.queries import SlipParcel

KIND_ICONS = {SlipKind.RESHIPMENT: "package", SlipKind.PICK_UP: "truck", SlipKind.RETURN: "undo-2"}
_GOOD, _QUIET = ("good", "check"), ("mute", "slash")
_OUTCOME_LOOKS = {
    NumberOutcome.LANDED: _GOOD,
    NumberOutcome.CHANGED: _GOOD,
    NumberOutcome.SAME: _GOOD,
    NumberOutcome.EMPTY: ("info", "hourglass"),
    NumberOutcome.ORDER: _QUIET,
    NumberOutcome.FOREIGN: _QUIET,
}


def key_from(text: str) -> tuple[ParcelKey, int] | None:
    """The parcel and the file in which it was seen: reshipment-12@3. None for anything else."""
    named, _at, seen = text.partition("@")
    kind, _dash, number = named.rpartition("-")
    if kind not in SlipKind.values or not number.isdecimal() or not seen.isdecimal() or len(number + seen) > 30:
        return None
    return ParcelKey(SlipKind(kind), int(number)), int(seen)


def parcel_row(by: Membership, parcel: SlipParcel) -> dict[str, Any]:
    """One parcel for a table."""
    return {
        "number": parcel.number,
        "url": page_of_parcel(by, parcel),
        "kind": parcel.key.kind.label,
        "icon": KIND_ICONS[parcel.key.kind],
        "name": parcel.customer.name,
        "address": " ".join(filter(None, (parcel.customer.postcode, parcel.customer.lines))),
        "doubt": address_doubt(parcel.customer.postcode, parcel.customer.lines),
        "phone": parcel.customer.phone,
        "goods": "、".join(parcel.goods),
        "order": parcel.order_number,
        "case": parcel.case_number,
        "case_url": address("case", by.shop.slug, parcel.case_number),
        "is_mended": parcel.is_mended,
    }


def page_of_parcel(by: Membership, parcel: SlipParcel) -> str:
    """Where the desk shows it: the trouble's page or the return's."""
    name = "return" if parcel.key.kind == SlipKind.RETURN else "trouble"
    return address(name, by.shop.slug, parcel.page)


def problems(by: Membership, parcel: SlipParcel, warnings: tuple[SlipWarning, ...], back: str) -> list[dict[str, Any]]:
    """Each warning with where it is mended. `back`: the query string of the page that is looked at."""
    return [
        {"column": each.column, "words": each.words, "is_blocking": each.is_blocking} | _mend(by, parcel, each, back)
        for each in warnings
    ]


def outcome_look(outcome: str) -> tuple[str, str]:
    """Colour and icon of an outcome."""
    return _OUTCOME_LOOKS.get(NumberOutcome(outcome), ("bad", "circle-x"))


def _mend(by: Membership, parcel: SlipParcel, warning: SlipWarning, back: str) -> dict[str, str]:
    if not warning.side:
        return {"mend_url": "", "mend": ""}
    is_sent = parcel.key.kind == SlipKind.RESHIPMENT
    if warning.side == (RECEIVER if is_sent else SENDER):
        url = address("slip_mend", by.shop.slug, parcel.key.kind.value, parcel.key.id)
        return {"mend_url": f"{url}?back={quote(back)}", "mend": _("Mend the address on this slip")}
    if not may(by, Permission.RUN_SHOP):
        return {"mend_url": "", "mend": _("Ask the owner to fill in the shop’s address in the settings.")}
    if is_sent:
        return {"mend_url": address("settings_slips", by.shop.slug), "mend": _("Fill in the sender")}
    return {"mend_url": address("settings_returns", by.shop.slug), "mend": _("Fill in where returns go")}
