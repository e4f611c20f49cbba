"""How fast mail may be handed over for whom: receivers that refuse bursts, and a pace for all others.

Which domains are a mobile carrier's stands in `plumbing/mail/carriers`. No carrier publishes figures; all three ask for
few connections at a time and for patience. The figures below are ours and deliberately slow: a shop that answers its
customers one by one hardly notices them.

Sources, read 2026-11-26:
docomo, “メール送受信する際の注意事項” (docomo.ne.jp/service/imode_mail/notice/mass_send/): sensible number of SMTP
sessions, at most 100 recipients a session, senders of many unknown addresses are blocked for a time.
au, “auメールへメール送信する際の注意事項” with its questions (au.com/mobile/service/attention/faq): many mails at a
time and long sessions are refused for a time; there is no fixed threshold.
SoftBank, “メールを送受信する際の注意事項” (softbank.jp/mobile/support/antispam/wrestle/): send slowly, clean addresses.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `at_once` conversations at a time, one mail each `spacing`, and a first pause after "later"."""

    at_once: int
    spacing: timedelta
    first_pause: timedelta


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose servers take a mail. `name` is how people call them."""

    key: str
    name: str
    pace: Pace


ORDINARY: Final = Pace(at_once=4, spacing=timedelta(0), first_pause=timedelta(minutes=1))
OWN_SERVER: Final = Pace(at_once=8, spacing=timedelta(0), first_pause=timedelta(seconds=30))
"""The pace of the shop's own server, whoever the mail is for."""

_STRICT: Final = Pace(at_once=1, spacing=timedelta(seconds=3), first_pause=timedelta(minutes=5))
_CAREFUL: Final = Pace(at_once=2, spacing=timedelta(seconds=1), first_pause=timedelta(minutes=2))
_SOFTBANK: Final = Receiver("softbank", "SoftBank", _STRICT)

CARRIERS: Final = {
    MobileCarrier.DOCOMO: Receiver("docomo", "docomo", _STRICT),
    MobileCarrier.AU: Receiver("au", "au", _STRICT),
    MobileCarrier.SOFTBANK: _SOFTBANK,
    MobileCarrier.YMOBILE: _SOFTBANK,  # the same servers
    MobileCarrier.RAKUTEN: Receiver("rakuten", "楽天モバイル", _STRICT),
}
YAHOO_JAPAN: Final = Receiver("yahoo_japan", "Yahoo!メール", _CAREFUL)
_YAHOO_DOMAINS: Final = ("yahoo.co.jp", "ybb.ne.jp")


def receiver_of(address: str) -> Receiver:
    """Who takes mail for this address; a domain of nobody known stands for itself, in lower case."""
    carrier = carrier_of(address)
    if carrier is not None:
        return CARRIERS[carrier]
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    if any(domain == known or domain.endswith(f".{known}") for known in _YAHOO_DOMAINS):
        return YAHOO_JAPAN
    return Receiver(domain, domain, ORDINARY)
