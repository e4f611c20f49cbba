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
from anshin.safety.models.feeds import Feed, FeedDraft, FeedFetch, FeedItem, FeedMatch
from anshin.safety.models.figures import PageShow, ScrapEstimate
from anshin.safety.models.products import AffectedProduct, ProductMatch
from anshin.safety.models.reach import Acknowledgement, Notice, ReminderTurn, SafetyMail
from anshin.safety.models.telling import Approach, LetterBundle, PersonToTell
from anshin.safety.models.warnings import EarlyWarning, WarningSetting, WarningSign

__all__ = [
    "Acknowledgement",
    "Advisory",
    "AdvisoryNumbering",
    "AdvisoryWording",
    "AffectedProduct",
    "Approach",
    "EarlyWarning",
    "Edition",
    "Feed",
    "FeedDraft",
    "FeedFetch",
    "FeedItem",
    "FeedMatch",
    "Insider",
    "LetterBundle",
    "Look",
    "Notice",
    "PageShow",
    "PersonToTell",
    "Preparation",
    "ProductMatch",
    "ReminderTurn",
    "SafetyMail",
    "ScrapEstimate",
    "SealedFact",
    "WarningSetting",
    "WarningSign",
]
