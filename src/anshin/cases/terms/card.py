"""Words of what is shown beside a message’s text: its signature, the events that it brings."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignatureState(TextChoices):
    """What can be said about a signed or encrypted mail; never more than was checked."""

    VALID = "valid", _("Signed, unchanged, and an issuer you trust vouches for the sender (withdrawal not checked).")
    UNKNOWN_ISSUER = "unknown_issuer", _("Signed and unchanged, but nobody we know vouches for the signer.")
    OTHER_SENDER = "other_sender", _("The signature belongs to another address than the sender’s.")
    EXPIRED = "expired", _("Signed and unchanged, but the certificate was not valid at that time.")
    ALTERED = "altered", _("The signature does not fit: the mail was changed after it was signed.")
    UNCHECKED = "unchecked", _("This mail has a signature that we cannot check.")
    PARTLY = "partly", _("Only a part of this mail is signed. The rest could be anybody’s.")
    ENCRYPTED = "encrypted", _("This mail is encrypted and cannot be read here. Ask for it unencrypted.")


class EventKind(TextChoices):
    """What a calendar file in a mail wants."""

    REQUEST = "request", _("Invitation")
    CANCEL = "cancel", _("Cancelled event")
    REPLY = "reply", _("Answer to an invitation")
    OTHER = "", _("Event")


@dataclass(frozen=True, slots=True)
class SignatureCard:
    """What was found about a message's signature. Names and address are the certificate's own words.

    `form`: smime or pgp. `signed_at`: ISO, "" when not said.
    """

    state: str
    form: str = "smime"
    signer: str = ""
    mail: str = ""
    issuer: str = ""
    signed_at: str = ""


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event of a calendar file. `starts`, `ends`: ISO moments in UTC, local ones without a zone, or dates.

    `zone`: the name of a zone that we do not know. `answer`: accepted, declined, tentative or "".
    """

    kind: str
    summary: str
    starts: str = ""
    ends: str = ""
    zone: str = ""
    place: str = ""
    organiser: str = ""
    answer: str = ""
    is_repeated: bool = False


Card = SignatureCard | EventCard
"""What is shown beside a message's text in a form of its own."""


def card_values(card: Card) -> dict[str, Any]:
    """The card as the database keeps it."""
    return {"card": "signature" if isinstance(card, SignatureCard) else "event"} | asdict(card)


def card_of(values: dict[str, Any]) -> Card | None:
    """The card kept; None for one that this version does not know."""
    kinds: dict[str, type[Card]] = {"signature": SignatureCard, "event": EventCard}
    kind = kinds.get(str(values.get("card")))
    try:
        return kind(**{key: value for key, value in values.items() if key != "card"}) if kind else None
    except TypeError:
        return None
