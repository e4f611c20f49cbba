"""Words of the cases room, one file for each noun."""

from anshin.cases.terms.card import Card, EventCard, EventKind, SignatureCard, SignatureState, card_of, card_values
from anshin.cases.terms.case import Channel, Party, Resolution, Status, UrgentWhy
from anshin.cases.terms.clock import DueState, Priority
from anshin.cases.terms.incoming import IncomingBounce, IncomingFile, IncomingMessage
from anshin.cases.terms.message import Charset, Delivery, Direction, Hold
from anshin.cases.terms.promotion import Bought, PromotionAlert
from anshin.cases.terms.remark import HELD_BECAUSE, ONLY_BEGINNING, Remark
from anshin.cases.terms.removal import ErasureGround, PlaceKind, RetentionPurpose, StrikeReason, Unseen
from anshin.cases.terms.sender import BY_HAND, PHISHING_TOPIC, SenderSign, SenderWarning
from anshin.cases.terms.view import Sorting, View

__all__ = [
    "BY_HAND",
    "HELD_BECAUSE",
    "ONLY_BEGINNING",
    "PHISHING_TOPIC",
    "Bought",
    "Card",
    "Channel",
    "Charset",
    "Delivery",
    "Direction",
    "DueState",
    "ErasureGround",
    "EventCard",
    "EventKind",
    "Hold",
    "IncomingBounce",
    "IncomingFile",
    "IncomingMessage",
    "Party",
    "PlaceKind",
    "Priority",
    "PromotionAlert",
    "Remark",
    "Resolution",
    "RetentionPurpose",
    "SenderSign",
    "SenderWarning",
    "SignatureCard",
    "SignatureState",
    "Sorting",
    "Status",
    "StrikeReason",
    "Unseen",
    "UrgentWhy",
    "View",
    "card_of",
    "card_values",
]
