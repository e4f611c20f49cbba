"""The verbs of the cases room, one file per noun. Every verb is one transaction with its journal entry inside."""

from anshin.cases.actions.approving import approve_reply, send_back_reply
from anshin.cases.actions.automatic import CarriedOut, carry_out, take_back_by_rule
from anshin.cases.actions.automatic_mail import answer_automatically, inform, write_after_the_end
from anshin.cases.actions.believing import believe_sender, doubt_sender
from anshin.cases.actions.bouncing import record_bounce, trust_silent_addresses
from anshin.cases.actions.calling_back import bring_up, call_back
from anshin.cases.actions.case_lines import CaseLine, LineRefused, read_line
from anshin.cases.actions.deadlines import count_anew, count_stopped_clocks, tell_deadlines
from anshin.cases.actions.delivering import confirm_left, deliver_message, record_delivered, retry_delivery
from anshin.cases.actions.drafting import add_draft_file, bring_back_draft, discard_draft, remove_draft_file, save_draft
from anshin.cases.actions.erasing import ErasurePreview, erase_customer, preview_erasure
from anshin.cases.actions.following_up import plan_follow_up, surface_follow_ups
from anshin.cases.actions.handing_on import HandedOn, hand_on
from anshin.cases.actions.importing import Imported, import_cases
from anshin.cases.actions.learning import LearningFailed, learn_topics
from anshin.cases.actions.linking import confirm_order, link_order, unlink_order
from anshin.cases.actions.looking import look_at_numbers
from anshin.cases.actions.merging import merge, split
from anshin.cases.actions.noting import add_note
from anshin.cases.actions.opening import start_case
from anshin.cases.actions.own_topics import (
    NoSuchTopic,
    NoTopicName,
    TooManyTopics,
    TopicNameTaken,
    add_topic,
    bring_back_topic,
    rename_topic,
    retire_topic,
)
from anshin.cases.actions.raising import raise_case
from anshin.cases.actions.receiving import Received, receive_message, receive_messages
from anshin.cases.actions.refusals import (
    AlreadyLeft,
    AnsweredBefore,
    BadMoment,
    CannotClose,
    CannotErase,
    CannotStrike,
    EmptyText,
    InSpam,
    NoMailbox,
    NoRecipient,
    OwnReply,
    Refused,
    ReplyObjected,
    StaleDraft,
    StaleThread,
    UnfilledPlaceholder,
    UnknownSender,
    WrongCase,
)
from anshin.cases.actions.reindexing import Progress, reindex
from anshin.cases.actions.replying import reply, take_back
from anshin.cases.actions.rereading import NotReadable, give_way, read_as, try_again
from anshin.cases.actions.retaining import HOLD_TAGS, apply_retention, preview_retention, retention_of, set_retention
from anshin.cases.actions.revealing import REVEAL_MINUTES, NoReason, reveal_customer
from anshin.cases.actions.scheduling import schedule
from anshin.cases.actions.spam import mark_spam, not_spam, undo_spam
from anshin.cases.actions.striking import Preview, preview_strike, strike
from anshin.cases.actions.targets import BadTarget, remove_target, set_aftercare, set_target
from anshin.cases.actions.topics import UnknownTopic, propose_topics, set_topics, set_urgent
from anshin.cases.actions.triage import (
    assign,
    close,
    mark_read,
    reopen,
    set_tags,
    snooze,
    take_up,
    wait_for_customer,
    wake,
)
from anshin.cases.rules import IllegalStep

__all__ = [
    "HOLD_TAGS",
    "REVEAL_MINUTES",
    "AlreadyLeft",
    "AnsweredBefore",
    "BadMoment",
    "BadTarget",
    "CannotClose",
    "CannotErase",
    "CannotStrike",
    "CarriedOut",
    "CaseLine",
    "EmptyText",
    "ErasurePreview",
    "HandedOn",
    "IllegalStep",
    "Imported",
    "InSpam",
    "LearningFailed",
    "LineRefused",
    "NoMailbox",
    "NoReason",
    "NoRecipient",
    "NoSuchTopic",
    "NoTopicName",
    "NotReadable",
    "OwnReply",
    "Preview",
    "Progress",
    "Received",
    "Refused",
    "ReplyObjected",
    "StaleDraft",
    "StaleThread",
    "TooManyTopics",
    "TopicNameTaken",
    "UnfilledPlaceholder",
    "UnknownSender",
    "UnknownTopic",
    "WrongCase",
    "add_draft_file",
    "add_note",
    "add_topic",
    "answer_automatically",
    "apply_retention",
    "approve_reply",
    "assign",
    "believe_sender",
    "bring_back_draft",
    "bring_back_topic",
    "bring_up",
    "call_back",
    "carry_out",
    "close",
    "confirm_left",
    "confirm_order",
    "count_anew",
    "count_stopped_clocks",
    "deliver_message",
    "discard_draft",
    "doubt_sender",
    "erase_customer",
    "give_way",
    "hand_on",
    "import_cases",
    "inform",
    "learn_topics",
    "link_order",
    "look_at_numbers",
    "mark_read",
    "mark_spam",
    "merge",
    "not_spam",
    "plan_follow_up",
    "preview_erasure",
    "preview_retention",
    "preview_strike",
    "propose_topics",
    "raise_case",
    "read_as",
    "read_line",
    "receive_message",
    "receive_messages",
    "record_bounce",
    "record_delivered",
    "reindex",
    "remove_draft_file",
    "remove_target",
    "rename_topic",
    "reopen",
    "reply",
    "retention_of",
    "retire_topic",
    "retry_delivery",
    "reveal_customer",
    "save_draft",
    "schedule",
    "send_back_reply",
    "set_aftercare",
    "set_retention",
    "set_tags",
    "set_target",
    "set_topics",
    "set_urgent",
    "snooze",
    "split",
    "start_case",
    "strike",
    "surface_follow_ups",
    "take_back",
    "take_back_by_rule",
    "take_up",
    "tell_deadlines",
    "trust_silent_addresses",
    "try_again",
    "undo_spam",
    "unlink_order",
    "wait_for_customer",
    "wake",
    "write_after_the_end",
]
