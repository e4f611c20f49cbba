"""The one commit of a few mails: what the server said of the last ones, and that the next are about to be handed over.

One statement that commits by itself, kept by the server: with the two that Django would write, and the transaction
around them, marking a mail cost more than drawing it. It is on the disk, as far as the database puts it there, before
the final dots are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from anshin.plumbing.prepared import write_returning
from anshin.safety.terms import MailState

if TYPE_CHECKING:
    from anshin.safety.ports import Handed, SafetyLetter

WORDS: Final = 300
_WHEN: Final = " WHEN %s THEN %s"


def taken_and_handing(taken: Sequence[Handed], letters: Sequence[SafetyLetter], *, now: datetime) -> set[int]:
    """Mark the mails that were taken as sent, and these letters as handed over now; the ids of those that were still
    ours to mark. Outside of a transaction of the caller, who relies on its being committed."""
    at = connection.ops.adapt_datetimefield_value(now)
    sent, handing = [each.mail_id for each in taken], [each.mail_id for each in letters]
    values: list[Any] = [*sent, *handing, *sent]
    if taken:
        words = [value for each in taken for value in (each.mail_id, each.words[:WORDS])]
        values = [*sent, *sent, at, *words, *values]
    messages = [value for each in letters for value in (each.mail_id, each.message_id)]
    return {row[0] for row in write_returning(_statement(len(sent), len(handing)), [*handing, at, *messages, *values])}


@cache
def _statement(taken: int, letters: int) -> str:
    """For so many of each, at least one letter."""
    sent, handing = _marks(taken), _marks(letters)
    sets = [
        f"handed_at = CASE WHEN id IN ({handing}) THEN %s ELSE handed_at END",
        f"message_id = CASE id{_WHEN * letters} ELSE message_id END",
    ]
    is_sent = "FALSE"
    if taken:
        is_sent = f"id IN ({sent})"
        sets += [
            f"state = CASE WHEN {is_sent} THEN '{MailState.SENT}' ELSE state END",
            f"sent_at = CASE WHEN {is_sent} THEN %s ELSE sent_at END",
            f"words = CASE id{_WHEN * taken} ELSE words END",
        ]
    return (
        f"UPDATE safety_safetymail SET {', '.join(sets)} WHERE id IN ({_marks(taken + letters)})"  # noqa: S608 constants
        f" AND state = '{MailState.SENDING}' AND ({is_sent} OR handed_at IS NULL) RETURNING id"
    )


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)
