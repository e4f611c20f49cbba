"""What the desk says of an address that does not fit its postcode."""

from __future__ import annotations

from django.utils.translation import gettext as _

from anshin.language.postcodes import AddressCheck, AddressDoubt, check_address

_MOST_PLACES = 3


def address_doubt(postcode: str, lines: str) -> str:
    """A sentence for a person, "" where nothing is wrong."""
    found = check_address(postcode, lines)
    if found.doubt is None:
        return ""
    if found.doubt == AddressDoubt.UNKNOWN_POSTCODE:
        return _("There is no such postcode.")
    if found.doubt == AddressDoubt.NO_NUMBER:
        return _("The number of the house is missing.")
    return _other_place(found)


def _other_place(found: AddressCheck) -> str:
    meant = _("The postcode belongs to %(place)s.") % {
        "place": "、".join(dict.fromkeys(str(place) for place in found.meant[:_MOST_PLACES]))
    }
    if not found.written or not found.written.postcode:
        return meant
    better = _("%(place)s has %(postcode)s.") % {"place": found.written.quarter, "postcode": found.written.postcode}
    return f"{meant} {better}".replace("。 ", "。")
