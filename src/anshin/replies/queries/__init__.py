"""Reading of the replies room: lists of macros, the choice for a case, what placeholders stand for."""

from anshin.replies.queries.choosing import Choice, open_uses, phrase_of, phrases_of, suggested, uses_of
from anshin.replies.queries.macros import content_of, has_macros, macro_of, macros_page, versions_of
from anshin.replies.queries.values import filled, values_for

__all__ = [
    "Choice",
    "content_of",
    "filled",
    "has_macros",
    "macro_of",
    "macros_page",
    "open_uses",
    "phrase_of",
    "phrases_of",
    "suggested",
    "uses_of",
    "values_for",
    "versions_of",
]
