"""Reading of the replies room: lists of macros, the choice for a case, what placeholders stand for."""

from anshin.replies.queries.choosing import (
    Choice,
    for_steps,
    open_uses,
    phrase_of,
    phrases_of,
    standing_of,
    suggested,
    uses_of,
)
from anshin.replies.queries.macros import content_of, has_macros, macro_of, macros_page, versions_of
from anshin.replies.queries.manners import harsh_words, unanswered_questions
from anshin.replies.queries.promises import (
    PromiseFigures,
    Proposed,
    open_promise_count,
    open_promises,
    promise_figures,
    promise_of,
    promises_of_case,
    promises_page,
    proposed_promises,
)
from anshin.replies.queries.referrals import Referral, referral_of, referrals
from anshin.replies.queries.stock_words import stock_line, stock_of_case
from anshin.replies.queries.values import carrier_name, filled, payment_name, values_for
from anshin.replies.queries.words import WordRow, found_words, plain_words, word_of, word_rows

__all__ = [
    "Choice",
    "PromiseFigures",
    "Proposed",
    "Referral",
    "WordRow",
    "carrier_name",
    "content_of",
    "filled",
    "for_steps",
    "found_words",
    "harsh_words",
    "has_macros",
    "macro_of",
    "macros_page",
    "open_promise_count",
    "open_promises",
    "open_uses",
    "payment_name",
    "phrase_of",
    "phrases_of",
    "plain_words",
    "promise_figures",
    "promise_of",
    "promises_of_case",
    "promises_page",
    "proposed_promises",
    "referral_of",
    "referrals",
    "standing_of",
    "stock_line",
    "stock_of_case",
    "suggested",
    "unanswered_questions",
    "uses_of",
    "values_for",
    "versions_of",
    "word_of",
    "word_rows",
]
