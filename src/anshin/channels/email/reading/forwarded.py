"""Mails that a customer passed on: those attached are written out, and those that the shop sent help to find the
thread. A forward proves nothing about who its forwarder is: the thread is joined only by a party of its case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anshin.cases.queries import sent_message_key
from anshin.channels.email import rules
from anshin.plumbing.mail.forwards import as_text, attached, unfold
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import ParsedMail

MOST_FILES_INSIDE = 20
MOST_LOOKED_UP = 3


def written_out(mail: ParsedMail) -> ParsedMail:
    """The mail with the words, files and ids of mails attached to it; the attached ones stay files as well."""
    inside = [each for each in attached(mail, parse) if each.sender.mail and "no_headers" not in each.defects]
    if not inside:
        return mail
    files = [part for each in inside for part in each.attachments][:MOST_FILES_INSIDE]
    ids = [each.message_id for each in inside if each.message_id]
    words = [text for text in (mail.text.rstrip("\n"), *map(as_text, inside)) if text.strip()]
    return replace(
        mail,
        text="\n\n".join(words),
        attachments=(*mail.attachments, *files),
        references=(*ids, *mail.references),  # the farthest: what the mail itself answers comes first
    )


def sent_by_us(shop_id: int, mail: ParsedMail, own_addresses: Sequence[str]) -> tuple[str, ...]:
    """The Message-IDs of our own mails whose text was passed on, as far as one fits and no other does."""
    ours = [each for each in unfold(mail.text, mail.subject) if rules.is_own(each.sender.mail, own_addresses)]
    keys = (
        sent_message_key(shop_id, sender_mail=each.sender.mail, subject=each.subject, at=each.at)
        for each in ours[:MOST_LOOKED_UP]
    )
    return tuple(key for key in keys if key)
