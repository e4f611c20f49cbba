"""Tables of the cases room, one file for each noun."""

from anshin.cases.models.case import Case, CaseNumbering
from anshin.cases.models.counter import Counter
from anshin.cases.models.draft import Draft, DraftFile
from anshin.cases.models.message import Attachment, BounceReport, Message
from anshin.cases.models.note import Note
from anshin.cases.models.order_link import OrderLink
from anshin.cases.models.retention import RetentionPeriod
from anshin.cases.models.reveal import Reveal
from anshin.cases.models.spam import SpamMark, TrustedSender
from anshin.cases.models.tag import CaseTag, Tag
from anshin.cases.models.target import Aftercare, ServiceTarget
from anshin.cases.models.topic import ShopTopic, TopicCorrection, TopicLearning

__all__ = [
    "Aftercare",
    "Attachment",
    "BounceReport",
    "Case",
    "CaseNumbering",
    "CaseTag",
    "Counter",
    "Draft",
    "DraftFile",
    "Message",
    "Note",
    "OrderLink",
    "RetentionPeriod",
    "Reveal",
    "ServiceTarget",
    "ShopTopic",
    "SpamMark",
    "Tag",
    "TopicCorrection",
    "TopicLearning",
    "TrustedSender",
]
