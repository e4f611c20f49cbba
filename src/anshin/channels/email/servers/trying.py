"""Tries mail servers without changing or sending anything and says in sentences what works and what does not.

For the settings page and for `anshin setup`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.channels.email.servers import imap
from anshin.channels.email.servers.dialogue import answer
from anshin.channels.email.servers.smtp import session
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble, sentence

READ_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a server, and whether it is good news; a hint is neither."""

    is_good: bool
    sentence: str
    is_hint: bool = False


def try_imap(server: Server) -> list[Finding]:
    """Sign in and open the inbox, read-only."""
    try:
        with imap.opened(server, read_seconds=READ_SECONDS) as inbox:
            count = len(inbox.uids_after(0))
            can_idle = inbox.can_idle()
    except MailTrouble as trouble:
        return [Finding(False, _("Fetching does not work yet. %(why)s") % {"why": trouble.sentence})]
    words = ngettext(
        "Fetching works: the inbox holds %(count)d mail.", "Fetching works: the inbox holds %(count)d mails.", count
    )
    if can_idle:
        speed = _("New mail is announced by the server within seconds.")
    else:
        speed = _("The server does not announce new mail, so it is looked for every minute.")
    return [Finding(True, words % {"count": count}), Finding(True, speed), *_plain_warning(server)]


def try_smtp(server: Server, address: str) -> list[Finding]:
    """Sign in and ask whether mail from `address` would be taken; nothing is sent."""
    try:
        with session(server, answer_seconds=READ_SECONDS) as smtp:
            code, said = smtp.mail(address)
            if code < 300:
                code, said = smtp.rcpt(address)
            smtp.rset()
    except MailTrouble as trouble:
        return [Finding(False, _("Sending does not work yet. %(why)s") % {"why": trouble.sentence})]
    if code >= 300:
        why = sentence(Trouble.ADDRESS_REFUSED, answer(code, said))
        return [Finding(False, _("Sending does not work yet. %(why)s") % {"why": why})]
    return [Finding(True, _("Sending works: the server takes mail from this address.")), *_plain_warning(server)]


def try_returns(server: Server, returns_to: str) -> list[Finding]:
    """Ask whether mail may leave with a return address of its own, and whether mail to that address would be taken."""
    try:
        with session(server, answer_seconds=READ_SECONDS) as smtp:
            sent_from = smtp.mail(returns_to)
            taken = smtp.rcpt(returns_to) if sent_from[0] < 300 else sent_from
            smtp.rset()
    except MailTrouble as trouble:
        return [Finding(False, _("The return address could not be tried. %(why)s") % {"why": trouble.sentence})]
    if sent_from[0] >= 300:
        words = _("The server does not let mail leave with a return address of its own (%(said)s). Untick it.")
        return [Finding(False, words % {"said": answer(*sent_from)})]
    if taken[0] >= 300:
        words = _("Mail to %(address)s would not arrive (%(said)s). Untick the return address of its own.")
        return [Finding(False, words % {"address": returns_to, "said": answer(*taken)})]
    words = _("Return addresses work: the server sends from them and takes mail for them, like %(address)s.")
    return [Finding(True, words % {"address": returns_to})]


def _plain_warning(server: Server) -> list[Finding]:
    if server.security != Security.PLAIN or server.host in {"localhost", "127.0.0.1", "::1"}:
        return []
    return [Finding(False, _("The password travels without encryption. Choose TLS or STARTTLS if the server can."))]
