"""The verbs of the replies room, one file per noun."""

from anshin.replies.actions.macros import (
    archive_macro,
    bring_back_macro,
    bring_back_version,
    duplicate_macro,
    save_macro,
)
from anshin.replies.actions.phrases import remove_phrase, save_phrase
from anshin.replies.actions.promises import (
    follow_approved,
    follow_taken_back,
    hand_promises_on,
    move_promise,
    note_spoken_promise,
    settle_promise,
    watch_promises,
)
from anshin.replies.actions.refusals import (
    MissingName,
    MissingText,
    Refused,
    StaleMacro,
    UnknownTopic,
    WrongMacro,
    WrongPlaceholders,
    WrongPromise,
    WrongWord,
)
from anshin.replies.actions.settling import settle_uses
from anshin.replies.actions.starting import add_starting_set
from anshin.replies.actions.using import drop_use, send, use_macro
from anshin.replies.actions.words import remove_word, save_word

__all__ = [
    "MissingName",
    "MissingText",
    "Refused",
    "StaleMacro",
    "UnknownTopic",
    "WrongMacro",
    "WrongPlaceholders",
    "WrongPromise",
    "WrongWord",
    "add_starting_set",
    "archive_macro",
    "bring_back_macro",
    "bring_back_version",
    "drop_use",
    "duplicate_macro",
    "follow_approved",
    "follow_taken_back",
    "hand_promises_on",
    "move_promise",
    "note_spoken_promise",
    "remove_phrase",
    "remove_word",
    "save_macro",
    "save_phrase",
    "save_word",
    "send",
    "settle_promise",
    "settle_uses",
    "use_macro",
    "watch_promises",
]
