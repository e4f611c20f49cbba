"""Tables of the safety room, one file for each noun."""

from anshin.safety.models.advisories import (
    Advisory,
    AdvisoryNumbering,
    AdvisoryWording,
    Edition,
    Insider,
    Look,
    Preparation,
    SealedFact,
)
from anshin.safety.models.figures import PageShow, ScrapEstimate
from anshin.safety.models.products import AffectedProduct, ProductMatch
from anshin.safety.models.reach import Acknowledgement, Notice, ReminderTurn, SafetyMail

__all__ = [
    "Acknowledgement",
    "Advisory",
    "AdvisoryNumbering",
    "AdvisoryWording",
    "AffectedProduct",
    "Edition",
    "Insider",
    "Look",
    "Notice",
    "PageShow",
    "Preparation",
    "ProductMatch",
    "ReminderTurn",
    "SafetyMail",
    "ScrapEstimate",
    "SealedFact",
]
