"""What a returned mail means, in a clerk's words: why it came back, and what to do next.

Names of the carriers' settings are those that they use towards their customers (November 2026).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from anshin.commerce.terms import BounceKind
from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of


def reason(kind: str, address: str) -> str:
    """Why mail to this address came back, as a sentence."""
    domain = address.rpartition("@")[2] or "?"
    return {
        BounceKind.UNKNOWN_USER: _("The address %(address)s does not exist."),
        BounceKind.UNKNOWN_DOMAIN: _("There is no mail domain “%(domain)s”."),
        BounceKind.TRY_LATER: _("The mail server of %(domain)s could not take the mail for a long time."),
        BounceKind.MAILBOX_FULL: _("The mailbox of %(address)s is full."),
        BounceKind.REFUSED: _("%(address)s refused the mail, as spam or by its receiving settings."),
        BounceKind.TOO_LARGE: _("The mail is too large for %(address)s."),
        BounceKind.POLICY: _("The mail server of %(domain)s does not trust mail from this shop."),
        BounceKind.UNKNOWN: _("The mail to %(address)s came back; the report does not say why."),
    }[BounceKind(kind)] % {"address": address or _("the recipient"), "domain": domain}


def advice(kind: str, address: str, *, own_domain: str) -> str:
    """What to do next. `own_domain` is the domain from which the shop writes."""
    if kind == BounceKind.REFUSED:
        return _refused(address, own_domain)
    if kind == BounceKind.UNKNOWN_USER and carrier_of(address) in {MobileCarrier.DOCOMO, MobileCarrier.AU}:
        return _("Check the spelling. Phones answer like this to mail that they refuse, too: %(settings)s") % {
            "settings": _refused(address, own_domain)
        }
    return {
        BounceKind.UNKNOWN_USER: _("Check the spelling, or ask the customer by phone for the right address."),
        BounceKind.UNKNOWN_DOMAIN: _("It is probably misspelt behind the @. Correct it, or ask the customer by phone."),
        BounceKind.TRY_LATER: _("Send it again in a few hours. If it is urgent, call the customer."),
        BounceKind.MAILBOX_FULL: _("Ask the customer by phone to make room in the mailbox, then send it again."),
        BounceKind.TOO_LARGE: _("Send it again with smaller files, or with the files in several mails."),
        BounceKind.POLICY: _("Show the server’s words to whoever runs the shop’s mail: SPF, DKIM, DMARC, block lists."),
        BounceKind.UNKNOWN: _("Read the server’s words, or reach the customer in another way."),
    }[BounceKind(kind)]


def _refused(address: str, own_domain: str) -> str:
    """How the customer lets the shop's mail in, with the carrier's own names for it."""
    words = {
        MobileCarrier.DOCOMO: _(
            "Ask the customer by phone to add “%(domain)s” to the list of mail to receive: docomo, “迷惑メール対策”."
        ),
        MobileCarrier.AU: _(
            "Ask the customer by phone to add “%(domain)s” to the list of mail to receive: au, “迷惑メールフィルター”."
        ),
        MobileCarrier.SOFTBANK: _(
            "Ask the customer by phone to add “%(domain)s” to the list of allowed senders: "
            "SoftBank, “迷惑メール対策”, “受信許可リスト”."
        ),
        MobileCarrier.YMOBILE: _(
            "Ask the customer by phone to add “%(domain)s” to the list of allowed senders: "
            "Y!mobile, “迷惑メール対策”, “受信許可リスト”."
        ),
    }
    general = _("Ask the customer by phone to let mail from “%(domain)s” in, and to look into the spam folder.")
    carrier = carrier_of(address)
    return (words.get(carrier, general) if carrier else general) % {"domain": own_domain}
