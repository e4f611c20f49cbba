"""Which pages of the desk are open to somebody who may not know who customers are: one table, by the names in urls.py.

What is not in it is refused to them, so that a new page shows nobody until somebody has thought about it.
"""

from typing import Final

OF_A_CASE: Final = frozenset(
    {
        "case",
        "clock",
        "similar",
        "stock_card",
        "case_returns",
        "reply",
        "note",
        "reply_draft_back",
        "note_draft_back",
        "upload",
        "reply_hints",
        "case_macros",
        "case_macro",
        "case_macro_drop",
        "case_referrals",
        "case_referral",
        "case_phrase",
        "assign",
        "snooze",
        "close",
        "reopen",
        "spam",
        "spam_undo",
        "not_spam",
        "status",
        "topics",
        "urgent",
        "ask_needs",
        "follow_up",
        "tag",
        "untag",
        "link_order",
        "confirm_order",
        "unlink_order",
        "presence",
        "reveal",
        "escalate",
        "escalation",
        "escalation_answer",
    }
)
OF_A_MESSAGE: Final = frozenset(
    {
        "message_retry",
        "message_arrived",
        "message_take_back",
        "message_schedule",
    }
)
FILES: Final = frozenset(
    {
        "attachment",
        "attachment_thumb",
        "message_raw",
        "message_html",
        "message_report",
    }
)
"""Open only while the customer of their case is shown."""
OWN: Final = frozenset(
    {
        "search",
        "palette",
        "reply_draft",
        "note_draft",
    }
)
"""What puts its marks itself, or tells only what the reader has written: marking a guess would say that it is right."""
OTHERS: Final = frozenset(
    {
        "inbox",
        "bulk",
        "drop_file",
        "send_times",
        "orders",
        "order",
        "customer",
        "phrases",
        "phrase",
        "phrase_remove",
        "promises",
        "promise_settle",
        "promise_move",
        "escalations",
        "escalation_news",
        "handover",
        "handover_unread",
        "handover_read",
        "handover_done",
        "account",
        "away",
    }
)
OPEN: Final = OF_A_CASE | OF_A_MESSAGE | FILES | OWN | OTHERS
NEVER_SHOWN: Final = frozenset({"similar"})
"""Pages of a case that tell of other customers: they keep their marks while the case's own is shown."""
