"""Takes one mail from a mail server's pipe for the mailboxes to which it was delivered.

For the command `anshin receive`. Nothing is parsed but the recipients; reading the mail is the job's work. Asked
again with the same mail, nothing is doubled, so a mail server may deliver as often as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.channels.email import queries, rules
from anshin.channels.email.arriving.storing import Stored, store
from anshin.channels.email.terms import Source

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox
    from anshin.shops.models import Shop

_ENVELOPE_LINE = re.compile(rb"\A>?From [^\r\n]*\r?\n")


class NotReceived(Exception):
    """The mail was not kept. `permanent`: the sender must be told; else the mail server shall try again later."""

    permanent = False


class NobodyNamed(NotReceived):
    """Neither the command nor the header says to whom the mail was delivered; whoever set up the pipe must."""


class NoMailboxes(NotReceived):
    """The installation or shop has no mailbox at all, so it is not set up, or the wrong one was asked."""


class Ambiguous(NotReceived):
    """Two shops have a mailbox with this address; the command must say which is meant."""


class NobodyHere(NotReceived):
    """No mailbox has any of these addresses. `has_domain`: there are others in the same domain."""

    permanent = True

    def __init__(self, addresses: Sequence[str], *, has_domain: bool) -> None:
        self.addresses, self.has_domain = tuple(addresses), has_domain
        super().__init__(", ".join(addresses))


class TooLarge(NotReceived):
    """The mail is larger than rules.LARGEST_MAIL_BYTES; a mail server tells the sender."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Received:
    """The lines in the ledger, one a mailbox, and the addresses for which there was none."""

    stored: tuple[Stored, ...]
    unknown: tuple[str, ...]


def receive(*, raw: bytes, recipients: Sequence[str], now: datetime, shop: Shop | None = None) -> Received:
    """The mail kept for every mailbox among `recipients`; without any, for those that its header names.

    Mailboxes that are switched off take it too: that a mail was handed over is reason enough to keep it.
    Raises NotReceived, StorageTrouble, OSError, DatabaseError; then asking again is harmless.
    """
    if len(raw) > rules.LARGEST_MAIL_BYTES:
        raise TooLarge
    mail = _ENVELOPE_LINE.sub(b"", raw, count=1)
    found, unknown = _mailboxes(list(recipients) or rules.stated_recipients(mail), shop)
    return Received(tuple(store(mailbox=each, raw=mail, source=Source.PIPE, now=now) for each in found), unknown)


def _mailboxes(named: Sequence[str], shop: Shop | None) -> tuple[list[Mailbox], tuple[str, ...]]:
    if not named:
        raise NobodyNamed
    all_mailboxes = queries.mailboxes_at(shop)
    found: dict[int, Mailbox] = {}
    unknown: list[str] = []
    for address in named:
        here = [each for each in all_mailboxes if rules.is_own(address, _addresses(each))]
        if len(here) > 1:
            raise Ambiguous(address)
        found |= {each.pk: each for each in here}
        unknown += [] if here else [address]
    if not all_mailboxes:
        raise NoMailboxes
    if not found:
        domains = {known.rpartition("@")[2] for each in all_mailboxes for known in _addresses(each)}
        raise NobodyHere(named, has_domain=any(each.rpartition("@")[2].lower() in domains for each in named))
    return list(found.values()), tuple(unknown)


def _addresses(mailbox: Mailbox) -> set[str]:
    return {mailbox.address, *(alias.address for alias in mailbox.aliases.all())}
