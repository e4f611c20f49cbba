"""Which Japanese mobile carrier a mail address belongs to: for its pace, its refusals and advice to the customer.

Source: our own list, put together from the carriers' public notes on their mail services, of 2026-11-26. Domains that
are no longer given out stand in it too, since customers keep their addresses.
"""

from enum import StrEnum
from typing import Final

LISTED_ON: Final = "2026-11-26"


class MobileCarrier(StrEnum):
    """A carrier whose phones filter mail by the customer's own settings."""

    DOCOMO = "docomo"
    AU = "au"
    SOFTBANK = "softbank"
    YMOBILE = "ymobile"
    RAKUTEN = "rakuten"


_DOMAINS: Final = {
    "docomo.ne.jp": MobileCarrier.DOCOMO,
    "mopera.net": MobileCarrier.DOCOMO,
    "dwmail.jp": MobileCarrier.DOCOMO,
    "ezweb.ne.jp": MobileCarrier.AU,
    "au.com": MobileCarrier.AU,
    "ido.ne.jp": MobileCarrier.AU,
    "uqmobile.jp": MobileCarrier.AU,
    "softbank.ne.jp": MobileCarrier.SOFTBANK,
    "i.softbank.jp": MobileCarrier.SOFTBANK,
    "vodafone.ne.jp": MobileCarrier.SOFTBANK,
    "jp-t.ne.jp": MobileCarrier.SOFTBANK,
    "disney.ne.jp": MobileCarrier.SOFTBANK,
    "ymobile.ne.jp": MobileCarrier.YMOBILE,
    "ymobile1.ne.jp": MobileCarrier.YMOBILE,
    "y-mobile.ne.jp": MobileCarrier.YMOBILE,
    "yahoo.ne.jp": MobileCarrier.YMOBILE,
    "emnet.ne.jp": MobileCarrier.YMOBILE,
    "emobile.ne.jp": MobileCarrier.YMOBILE,
    "emobile-s.ne.jp": MobileCarrier.YMOBILE,
    "pdx.ne.jp": MobileCarrier.YMOBILE,
    "willcom.com": MobileCarrier.YMOBILE,
    "rakumail.jp": MobileCarrier.RAKUTEN,
}


def carrier_of(address: str) -> MobileCarrier | None:
    """The carrier of an address, also of one in a sub-domain (t.vodafone.ne.jp); None for all others."""
    labels = address.rpartition("@")[2].strip("<> .").lower().split(".")
    tails = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((_DOMAINS[tail] for tail in tails if tail in _DOMAINS), None)
