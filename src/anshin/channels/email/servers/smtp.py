"""Hands a finished mail to an SMTP server and says in words what the server answered.

Either all recipients are accepted or nobody gets the mail, so that a mistyped copy address is corrected before
anything has left. The moment of no return is the final dot: before it a lost connection means "not sent", after it
"not known" (RFC 5321, 4.2.5 and 6.1: with the reply to the dot the server takes over the responsibility).
"""

import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from anshin.channels.email.pacing.turns import asks_for_patience
from anshin.channels.email.ports import EVERYBODY, Sender, TransportFailed
from anshin.channels.email.servers import connecting, lines
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble, sentence

ANSWER_SECONDS = 60.0
"""RFC 5321, 4.5.3.2 allows servers minutes; a clerk waits shorter, and a mail that timed out is tried again."""
DOT_SECONDS = 600.0
"""The answer to the final dot is waited for as long as RFC 5321, 4.5.3.2.6 asks, since giving up early means unsure."""


class SmtpTransport:
    """The transport of a real shop."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS, dot_seconds: float = DOT_SECONDS) -> None:
        self._answer_seconds = answer_seconds
        self._dot_seconds = dot_seconds

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""
        if sender.server is None:
            raise TransportFailed(sentence(Trouble.NOT_SET_UP), permanent=True)
        try:
            with session(sender.server, answer_seconds=self._answer_seconds) as smtp:
                _envelope(smtp, sender.return_path or sender.address, recipients, raw)
                return _hand_over(smtp, recipients, raw, handing_over, self._dot_seconds)
        except MailTrouble as trouble:
            raise _failure(trouble) from trouble

    @contextlib.contextmanager
    def conversation(self, sender: Sender) -> Iterator["Conversation"]:
        """See ports.Conversing."""
        with contextlib.closing(Conversation(sender.server, self._answer_seconds, self._dot_seconds)) as talk:
            yield talk


class Conversation:
    """Many mails over one connection, which is opened with the first and anew after it broke."""

    def __init__(self, server: Server | None, answer_seconds: float, dot_seconds: float) -> None:
        self._server = server
        self._answer_seconds, self._dot_seconds = answer_seconds, dot_seconds
        self._smtp: smtplib.SMTP | None = None

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""
        if self._server is None:
            raise TransportFailed(sentence(Trouble.NOT_SET_UP), permanent=True)
        try:
            with _in_words(self._server):
                smtp = self._opened(self._server)
                _envelope(smtp, sender.return_path or sender.address, recipients, raw)
                return _hand_over(smtp, recipients, raw, handing_over, self._dot_seconds)
        except MailTrouble as trouble:
            self._begin_anew(is_broken=not trouble.server_words[:3].isdecimal() or trouble.server_words[:3] == "421")
            raise _failure(trouble) from trouble
        except BaseException:
            self._begin_anew(is_broken=True)
            raise

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            _leave(self._smtp)
        self._smtp = None

    def _opened(self, server: Server) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = _connected(server, self._answer_seconds)
            if self._smtp.sock is not None:  # text and final dot are two writes: the second would wait for an ACK
                self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self._answer_seconds)
        return self._smtp

    def _begin_anew(self, *, is_broken: bool) -> None:
        """After a refusal the same connection takes the next mail (RFC 5321, 4.1.1.5); a broken one is given up."""
        if self._smtp is None:
            return
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if not is_broken and self._smtp.rset()[0] == 250:
                return
        self._smtp.close()
        self._smtp = None


@contextlib.contextmanager
def session(server: Server, *, answer_seconds: float = ANSWER_SECONDS) -> Iterator[smtplib.SMTP]:
    """A signed-in conversation with the server. Raises MailTrouble, also for what fails inside the block."""
    smtp: smtplib.SMTP | None = None
    try:
        with _in_words(server):
            smtp = _connected(server, answer_seconds)
            yield smtp
    finally:
        if smtp is not None:
            _leave(smtp)


@contextlib.contextmanager
def _in_words(server: Server) -> Iterator[None]:
    """What goes wrong inside, as MailTrouble."""
    try:
        yield
    except smtplib.SMTPServerDisconnected as error:
        raise MailTrouble(Trouble.BROKEN, connecting.words_of(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _answer_trouble(error.smtp_code, error.smtp_error) from error
    except (OSError, UnicodeError) as error:  # SMTPException is an OSError
        raise connecting.trouble_of(error, server) from error


def _failure(trouble: MailTrouble) -> TransportFailed:
    asked = not trouble.permanent and asks_for_patience(trouble.server_words)
    slower_for = (trouble.about or (EVERYBODY,)) if asked else ()
    refused = trouble.about[0] if trouble.permanent and len(trouble.about) == 1 else ""
    return TransportFailed(trouble.answer, permanent=trouble.permanent, slower_for=slower_for, refused=refused)


def answer(code: int, said: bytes | str) -> str:
    """The server's words with its code in front, on one line."""
    return f"{code} {connecting.words_of(said)}".strip()


def _connected(server: Server, answer_seconds: float) -> smtplib.SMTP:
    """A signed-in conversation. A token that the server refuses, though it should still be good, is renewed once."""
    if server.bearer is None:
        return _signed_in(server, answer_seconds, "")
    token = server.bearer.token()
    try:
        return _signed_in(server, answer_seconds, token)
    except MailTrouble as trouble:
        if trouble.trouble != Trouble.TOKEN_REFUSED:
            raise
    return _signed_in(server, answer_seconds, server.bearer.other_than(token))


def _signed_in(server: Server, answer_seconds: float, token: str) -> smtplib.SMTP:
    smtp: smtplib.SMTP
    us = _own_name()
    if server.security == Security.TLS:
        smtp = lines.SealedSmtp(server, us, seconds=answer_seconds, context=connecting.tls_context())
    else:
        smtp = lines.Smtp(server, us, seconds=answer_seconds)
    try:
        if server.security == Security.STARTTLS:
            smtp.starttls(context=connecting.tls_context())
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            _sign_in(smtp, server, token)
    except BaseException:
        smtp.close()
        raise
    return smtp


@lru_cache(maxsize=1)
def _own_name() -> str:
    """How we greet. Asked once, because the look-up takes seconds where no name server answers."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


def _sign_in(smtp: smtplib.SMTP, server: Server, token: str) -> None:
    try:
        if token:
            smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else connecting.xoauth2(server.user, token))
        else:
            smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        words = answer(error.smtp_code, error.smtp_error)
        if 400 <= error.smtp_code < 500:
            raise MailTrouble(Trouble.BUSY, words) from error
        raise MailTrouble(Trouble.TOKEN_REFUSED if token else Trouble.WRONG_PASSWORD, words) from error


def _envelope(smtp: smtplib.SMTP, address: str, recipients: Sequence[str], raw: bytes) -> None:
    options = [f"size={len(raw)}"] if smtp.has_extn("size") else []
    if not all(mail.isascii() for mail in (address, *recipients)):
        if not smtp.has_extn("smtputf8"):
            raise MailTrouble(Trouble.ADDRESS_REFUSED, _("This server cannot send to addresses with such characters."))
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        smtp.command_encoding = "utf-8"
    _expect(smtp.mail(address, options), Trouble.MAIL_REFUSED)
    for mail in recipients:
        _expect(smtp.rcpt(mail), Trouble.ADDRESS_REFUSED, about=(mail,))


def _expect(reply: tuple[int, bytes], trouble: Trouble, *, about: Sequence[str] = ()) -> None:
    code, said = reply
    if 200 <= code < 300:
        return
    raise _answer_trouble(code, said, trouble, about=about)


def _answer_trouble(
    code: int, said: bytes | str, trouble: Trouble = Trouble.MAIL_REFUSED, *, about: Sequence[str] = ()
) -> MailTrouble:
    """4xx passes by itself, 5xx does not (RFC 5321, 4.2.1); 421 says goodbye at any moment."""
    words = answer(code, said) + (f" <{about[0]}>" if len(about) == 1 else "")
    if code >= 500:
        return MailTrouble(trouble, words, permanent=True, about=about)
    return MailTrouble(Trouble.BUSY, words, about=about)


def _hand_over(
    smtp: smtplib.SMTP, recipients: Sequence[str], raw: bytes, handing_over: Callable[[], None], dot_seconds: float
) -> str:
    code, said = smtp.docmd("DATA")
    if code != 354:
        raise _answer_trouble(code, said, about=recipients)
    smtp.send(_dot_stuffed(raw))
    handing_over()
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(dot_seconds)
        smtp.send(b".\r\n")
        code, said = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        words = _("The connection broke after the mail was handed over, before the server answered.")
        raise TransportFailed(words, unsure=True) from error
    if not 200 <= code < 300:
        raise _answer_trouble(code, said, about=recipients)
    return answer(code, said)


def _dot_stuffed(raw: bytes) -> bytes:
    """The mail as it travels: CRLF line ends, a dot doubled at the start of a line (RFC 5321, 4.5.2)."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _leave(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(5)
        smtp.quit()
    smtp.close()
