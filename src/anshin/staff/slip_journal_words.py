"""What the slips room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anshin.slips.queries import formats

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]
_FIELDS: dict[str, Words] = {
    "format": _("Program"),
    "name": _("Name"),
    "customer_code": _("Customer code"),
    "freight_number": _("Freight number"),
    "slip_kind": _("Kind of slip"),
    "sender_name": _("Sender: name"),
    "sender_postcode": _("Sender: postcode"),
    "sender_lines": _("Sender: address"),
    "sender_phone": _("Sender: phone number"),
    "postcode": _("Postcode"),
    "lines": pgettext_lazy("postal", "Address"),
    "phone": _("Phone number"),
}


def _program(value: Any) -> Words:
    found = formats().get(str(value))
    return found.name if found else str(value)


def _fields(value: Any) -> Words:
    return "、".join(str(_FIELDS.get(str(name), name)) for name in value)


def _count(value: Any) -> Words:
    return f"{int(value):,}"


_PROGRAM: Piece = ("format", "", _program)
_PARCELS: Piece = ("parcels", _("Parcels"), _count)
SLIP_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "slips.account_saved": (_("Wrote down a contract with a carrier"), (_PROGRAM, ("fields", "", _fields))),
    "slips.account_retired": (_("Took a contract with a carrier out of use"), (_PROGRAM,)),
    "slips.address_mended": (
        _("Mended the address on a slip"),
        (("parcel", "", str), ("fields", "", _fields)),
    ),
    "slips.file_written": (_("Wrote a file of slips"), (_PROGRAM, _PARCELS)),
    "slips.file_downloaded": (_("Downloaded a file of slips"), (_PARCELS,)),
    "slips.numbers_read": (
        _("Read tracking numbers of a carrier"),
        (("rows", _("Rows"), _count), ("landed", _("Written down"), _count), ("to_look_at", _("To look at"), _count)),
    ),
}
