"""What is said to an SMTP server about one mail, and what its answers mean.

Up to the final dot it is a generator that stops wherever an answer is waited for, so that several mails can travel side
by side, each over a connection of its own. Servers that allow it get envelope and DATA in one go (RFC 2920).
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anshin.channels.email.pacing.turns import asks_for_patience
from anshin.channels.email.ports import EVERYBODY, TransportFailed
from anshin.channels.email.servers import connecting
from anshin.channels.email.terms import MailTrouble, Server, Trouble

_GO_ON = 354


@dataclass(frozen=True, slots=True)
class _Command:
    """A line, when its answer is good, and whom a bad one is about."""

    line: str
    is_good: Callable[[int], bool]
    trouble: Trouble = Trouble.MAIL_REFUSED
    about: tuple[str, ...] = ()


def up_to_the_dot(smtp: smtplib.SMTP, address: str, recipients: Sequence[str], raw: bytes) -> Iterator[None]:
    """Bring a mail to the server but for its final dot; stops where an answer is waited for.

    Raises MailTrouble where the server refuses, and what a broken connection raises (see in_words).
    """
    commands = _commands(smtp, address, recipients, len(raw))
    for group in [commands] if smtp.has_extn("pipelining") else [[each] for each in commands]:
        smtp.send("".join(f"{command.line}\r\n" for command in group))
        yield
        _take_answers(smtp, group)
    smtp.send(_dot_stuffed(raw))


def send_dot(smtp: smtplib.SMTP, seconds: float) -> None:
    """The point of no return; the answer is waited for so long. Raises TransportFailed: nobody knows."""
    with _unsure():
        if smtp.sock is not None:
            smtp.sock.settimeout(seconds)
        smtp.send(b".\r\n")


def answer_to_dot(smtp: smtplib.SMTP, recipients: Sequence[str]) -> str:
    """The server's words of acceptance. Raises TransportFailed where nobody knows, MailTrouble where it refuses."""
    with _unsure():
        code, said = smtp.getreply()
    if not 200 <= code < 300:
        raise _answer_trouble(code, said, about=recipients)
    return answer(code, said)


def answer(code: int, said: bytes | str) -> str:
    """The server's words with its code in front, on one line."""
    return f"{code} {connecting.words_of(said)}".strip()


@contextlib.contextmanager
def in_words(server: Server) -> Iterator[None]:
    """What goes wrong inside, as MailTrouble."""
    try:
        yield
    except smtplib.SMTPServerDisconnected as error:
        raise MailTrouble(Trouble.BROKEN, connecting.words_of(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _answer_trouble(error.smtp_code, error.smtp_error) from error
    except (OSError, UnicodeError) as error:  # SMTPException is an OSError
        raise connecting.trouble_of(error, server) from error


def failure(trouble: MailTrouble) -> TransportFailed:
    """The same for whoever asked for the sending."""
    asked = not trouble.permanent and asks_for_patience(trouble.server_words)
    slower_for = (trouble.about or (EVERYBODY,)) if asked else ()
    refused = trouble.about[0] if trouble.permanent and len(trouble.about) == 1 else ""
    return TransportFailed(trouble.answer, permanent=trouble.permanent, slower_for=slower_for, refused=refused)


def _commands(smtp: smtplib.SMTP, address: str, recipients: Sequence[str], size: int) -> list[_Command]:
    options = [f"size={size}"] if smtp.has_extn("size") else []
    if not all(mail.isascii() for mail in (address, *recipients)):
        if not smtp.has_extn("smtputf8"):
            raise MailTrouble(Trouble.ADDRESS_REFUSED, _("This server cannot send to addresses with such characters."))
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        smtp.command_encoding = "utf-8"
    commands = [_Command(" ".join([f"mail FROM:{smtplib.quoteaddr(address)}", *options]), _is_taken)]
    for mail in recipients:
        rcpt = f"rcpt TO:{smtplib.quoteaddr(mail)}"
        commands.append(_Command(rcpt, _is_taken, Trouble.ADDRESS_REFUSED, (mail,)))
    commands.append(_Command("DATA", _may_go_on, about=tuple(recipients)))
    if any("\r" in command.line or "\n" in command.line for command in commands):
        raise MailTrouble(Trouble.ADDRESS_REFUSED, _("This server cannot send to addresses with such characters."))
    return commands


def _is_taken(code: int) -> bool:
    return 200 <= code < 300


def _may_go_on(code: int) -> bool:
    return code == _GO_ON


def _take_answers(smtp: smtplib.SMTP, commands: Sequence[_Command]) -> None:
    """Read an answer to each; raises MailTrouble about the first that is not good."""
    refused: MailTrouble | None = None
    for command in commands:
        try:
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            if refused is None:
                raise
            break  # it has said why before it hung up
        if refused is not None and _may_go_on(code):
            smtp.close()  # it waits for a mail that nobody is to get
        elif refused is None and not command.is_good(code):
            refused = _answer_trouble(code, said, command.trouble, about=command.about)
    if refused is not None:
        raise refused


def _answer_trouble(
    code: int, said: bytes | str, trouble: Trouble = Trouble.MAIL_REFUSED, *, about: Sequence[str] = ()
) -> MailTrouble:
    """4xx passes by itself, 5xx does not (RFC 5321, 4.2.1); 421 says goodbye at any moment."""
    words = answer(code, said) + (f" <{about[0]}>" if len(about) == 1 else "")
    if code >= 500:
        return MailTrouble(trouble, words, permanent=True, about=about)
    return MailTrouble(Trouble.BUSY, words, about=about)


@contextlib.contextmanager
def _unsure() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        words = _("The connection broke after the mail was handed over, before the server answered.")
        raise TransportFailed(words, unsure=True) from error


def _dot_stuffed(raw: bytes) -> bytes:
    """The mail as it travels: CRLF line ends, a dot doubled at the start of a line (RFC 5321, 4.5.2)."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)
