"""What a mail's own receiving server says of its sender and of the mail, and whether the sender is somebody else.

For taking_in, before a message is made. The server's name is the one that a person stated for the mailbox, or the one
that stood on top of CONFIRMED_AFTER mails in a row: a single mail could be the sender's own writing.
"""

import logging
from dataclasses import dataclass, replace

from anshin.cases.terms import SenderWarning
from anshin.channels.email import queries
from anshin.channels.email.judging import spoofing
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.terms import Source, SpamJudge
from anshin.plumbing.mail.authentication import NO_CHECKS, SenderChecks, believed_checks, server_on_top
from anshin.plumbing.mail.spam_marks import SpamFilter, SpamVerdict, spam_verdict, verdict_on_top
from anshin.plumbing.mail.values import ParsedMail

CONFIRMED_AFTER = 5
REMEMBERED = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SenderJudgement:
    """What is known of a sender, for the message."""

    checks: SenderChecks = NO_CHECKS
    warnings: tuple[SenderWarning, ...] = ()
    spam: SpamVerdict | None = None

    @property
    def said(self) -> dict[str, str]:
        """What the mail server said, as plain values to keep with the message."""
        by_filter = {"spam": self.spam.by.value, "spam_score": self.spam.score} if self.spam else {}
        return {**self.checks.as_values(), **{name: value for name, value in by_filter.items() if value}}


UNJUDGED = SenderJudgement()


def judge_sender(arrival: Arrival, mail: ParsedMail, own_addresses: tuple[str, ...]) -> SenderJudgement:
    """The believed server's words on the sender, and what speaks for a disguise. Never raises: a mail comes first."""
    try:
        judged = _judged(arrival.mailbox, mail, own_addresses)
        is_old = arrival.source == Source.IMPORT  # chosen by a person; what a filter once thought of it does not matter
        return judged if is_old else replace(judged, spam=_spam(arrival.mailbox, mail))
    except Exception:
        log.exception("The sender of arrival %s could not be judged; the mail is taken in without.", arrival.pk)
        return UNJUDGED


def believed_server(mailbox: Mailbox) -> str:
    """The server whose checks are believed for this mailbox, "" while none is known well enough."""
    if mailbox.authserv_id:
        return mailbox.authserv_id
    return mailbox.learnt_authserv_id if mailbox.authserv_seen >= CONFIRMED_AFTER else ""


def learn_server(arrival: Arrival, mail: ParsedMail) -> None:
    """Count how often in a row the same server's checks stood on top. Writes only when that changes.

    Until the server is confirmed, a mail without its checks begins the count anew; afterwards each takes one away, so
    that a server which stops checking is forgotten and a single internal mail is not held against it.
    """
    mailbox = arrival.mailbox
    if mailbox.authserv_id or arrival.source == Source.IMPORT:
        return
    found = server_on_top(mail.headers, hosts=(mailbox.imap_host,))
    former = (mailbox.learnt_authserv_id, mailbox.authserv_seen)
    present = _counted(found, *former)
    if present != former:
        mailbox.learnt_authserv_id, mailbox.authserv_seen = present
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        rows.update(learnt_authserv_id=present[0], authserv_seen=present[1])


def _judged(mailbox: Mailbox, mail: ParsedMail, own_addresses: tuple[str, ...]) -> SenderJudgement:
    checks = NO_CHECKS
    if server := believed_server(mailbox):
        hosts = (mailbox.imap_host,)
        checks = believed_checks(mail.headers, server=server, sender_mail=mail.sender.mail, hosts=hosts)
    names = (mailbox.shop.name, mailbox.shop.name_en, mailbox.display_name)
    ourselves = spoofing.Ourselves(addresses=own_addresses, names=names)
    sender = spoofing.sender_of(mail)
    return SenderJudgement(checks, spoofing.warnings_about(sender, checks=checks, ourselves=ourselves))


def _spam(mailbox: Mailbox, mail: ParsedMail) -> SpamVerdict | None:
    judge = queries.spam_judge_of(mailbox.shop_id)
    if judge == SpamJudge.NOBODY:
        return None
    if judge == SpamJudge.ON_TOP:
        return verdict_on_top(mail.headers, hosts=(mailbox.imap_host, believed_server(mailbox)))
    return spam_verdict(mail.headers, filters=(SpamFilter(judge.value),))


def _counted(found: str, learnt: str, seen: int) -> tuple[str, int]:
    if found and found == learnt:
        return learnt, min(seen + 1, REMEMBERED)
    if seen > CONFIRMED_AFTER:
        return learnt, seen - 1
    return (found, 1) if found else ("", 0)
