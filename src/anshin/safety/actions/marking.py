"""The one commit of each mail: what the server said of the last one, and that the next is about to be handed over.

One statement that commits by itself, kept by the server: with the two that Django would write, and the transaction
around them, marking a mail cost more than drawing it. It is on the disk, as far as the database puts it there, before
the final dot is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import connection

from anshin.plumbing.prepared import write_returning
from anshin.safety.terms import MailState

if TYPE_CHECKING:
    from anshin.safety.ports import Handed, SafetyLetter

WORDS: Final = 300
_NOBODY: Final = 0

_MARK: Final = f"""
UPDATE safety_safetymail SET
 state = CASE WHEN id = %s THEN '{MailState.SENT}' ELSE state END,
 sent_at = CASE WHEN id = %s THEN %s ELSE sent_at END,
 words = CASE WHEN id = %s THEN %s ELSE words END,
 handed_at = CASE WHEN id = %s THEN %s ELSE handed_at END,
 message_id = CASE WHEN id = %s THEN %s ELSE message_id END
WHERE id IN (%s, %s) AND state = '{MailState.SENDING}' AND (id = %s OR handed_at IS NULL)
RETURNING id
"""  # noqa: S608  constants


def taken_and_handing(taken: Handed | None, letter: SafetyLetter, *, now: datetime) -> set[int]:
    """Mark the mail that was taken as sent, and this letter as handed over now; the ids of those that were still ours
    to mark. Outside of a transaction of the caller, who relies on its being committed."""
    last, words = (taken.mail_id, taken.words[:WORDS]) if taken else (_NOBODY, "")
    at, mail = connection.ops.adapt_datetimefield_value(now), letter.mail_id
    said = [last, last, at, last, words]
    handing = [mail, at, mail, letter.message_id]
    return {row[0] for row in write_returning(_MARK, [*said, *handing, last, mail, last])}
