"""Hands a finished mail to an SMTP server and says in words what the server answered.

Either all recipients are accepted or nobody gets the mail, so that a mistyped copy address is corrected before
anything has left. The moment of no return is the final dot: before it a lost connection means "not sent", after it
"not known" (RFC 5321, 4.2.5 and 6.1: with the reply to the dot the server takes over the responsibility).
"""

import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from anshin.channels.email.ports import Leaving, Parcel, Sender, TransportFailed
from anshin.channels.email.servers import connecting, dialogue, lines
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble, sentence

ANSWER_SECONDS = 60.0
"""RFC 5321, 4.5.3.2 allows servers minutes; a clerk waits shorter, and a mail that timed out is tried again."""
DOT_SECONDS = 600.0
"""The answer to the final dot is waited for as long as RFC 5321, 4.5.3.2.6 asks, since giving up early means unsure."""
_AT_THE_DOT = object()


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
                for _waiting in dialogue.up_to_the_dot(smtp, sender.return_path or sender.address, recipients, raw):
                    pass
                handing_over()
                dialogue.send_dot(smtp, self._dot_seconds)
                return dialogue.answer_to_dot(smtp, recipients)
        except MailTrouble as trouble:
            raise dialogue.failure(trouble) from trouble

    @contextlib.contextmanager
    def conversation(self, sender: Sender) -> Iterator["Conversation"]:
        """See ports.Conversing."""
        with contextlib.closing(Conversation(sender.server, self._answer_seconds, self._dot_seconds)) as talk:
            yield talk


class Conversation:
    """Many mails over a few connections, each opened when it is needed and anew after it broke.

    Mails that are sent together lie at their final dots at the same time. A server that lets us have fewer connections
    gets them in rounds.
    """

    def __init__(self, server: Server | None, answer_seconds: float, dot_seconds: float) -> None:
        self._server = server
        self._answer_seconds, self._dot_seconds = answer_seconds, dot_seconds
        self._open: list[smtplib.SMTP] = []
        self._most: int | None = None  # so many connections the server lets us have, once it refused one

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""

        def at_the_dot(places: Sequence[int]) -> Sequence[int]:
            handing_over()
            return places

        (said,) = self.send_together(sender, [Parcel(tuple(recipients), raw)], handing_over=at_the_dot)
        if not isinstance(said, str):
            raise said or TransportFailed("")
        return said

    def send_together(
        self, sender: Sender, parcels: Sequence[Parcel], *, handing_over: Leaving
    ) -> list[str | TransportFailed | None]:
        """See ports.Together."""
        if self._server is None:
            return [TransportFailed(sentence(Trouble.NOT_SET_UP), permanent=True) for _parcel in parcels]
        address, said = sender.return_path or sender.address, dict[int, str | TransportFailed | None]()
        try:
            while left := {place: parcel for place, parcel in enumerate(parcels) if place not in said}:
                said |= self._round(self._server, address, left, handing_over)
        except BaseException:
            self._give_up(*self._open)
            raise
        return [said[place] for place in range(len(parcels))]

    def close(self) -> None:
        """Say goodbye."""
        for smtp in self._open:
            _leave(smtp)
        self._open = []

    def _round(
        self, server: Server, address: str, parcels: Mapping[int, Parcel], handing_over: Leaving
    ) -> dict[int, str | TransportFailed | None]:
        """As many of these mails as there are connections: all to their dots, the question, then the dots."""
        try:
            with dialogue.in_words(server):
                lines_here = self._opened(server, len(parcels))
        except MailTrouble as trouble:
            return dict.fromkeys(parcels, dialogue.failure(trouble))
        pairs = zip(parcels.items(), lines_here, strict=False)
        mails = {place: _Carried(server, smtp, address, parcel) for (place, parcel), smtp in pairs}
        going = list(mails.values())
        while going:
            going = [mail for mail in going if mail.goes_on()]
        ready = [place for place, mail in mails.items() if not mail.is_over]
        may_leave = set(handing_over(ready)) if ready else set()
        for place in ready:
            if place in may_leave:
                mails[place].leave(self._dot_seconds)
            else:
                mails[place].stay()
        for mail in mails.values():
            mail.hear()
            if not mail.is_taken and (mail.is_broken or not _has_forgotten(mail.smtp)):
                self._give_up(mail.smtp)
        return {place: mail.said for place, mail in mails.items()}

    def _opened(self, server: Server, count: int) -> list[smtplib.SMTP]:
        """So many connections, or as many as there are to be had. Raises where there is none."""
        while len(self._open) < min(count, self._most or count):
            try:
                smtp = _connected(server, self._answer_seconds)
            except (OSError, MailTrouble):  # SMTPException is an OSError
                if not self._open:
                    raise
                self._most = len(self._open)
                break
            if smtp.sock is not None:  # text and final dot are two writes: the second would wait for an ACK
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(smtp)
        for smtp in self._open:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._answer_seconds)
        return self._open[:count]

    def _give_up(self, *broken: smtplib.SMTP) -> None:
        for smtp in broken:
            smtp.close()
        self._open = [smtp for smtp in self._open if smtp not in broken]


class _Carried:
    """One mail on one connection. `said` is how it ended: None as long as it has not, or where it was not to leave."""

    def __init__(self, server: Server, smtp: smtplib.SMTP, address: str, parcel: Parcel) -> None:
        self.smtp, self._server, self._parcel = smtp, server, parcel
        self._talk = dialogue.up_to_the_dot(smtp, address, parcel.recipients, parcel.raw)
        self.said: str | TransportFailed | None = None
        self.is_over = self.is_broken = self._has_left = False

    @property
    def is_taken(self) -> bool:
        """Whether the server took it."""
        return isinstance(self.said, str)

    def goes_on(self) -> bool:
        """One step further; False once it is at its final dot, or over."""
        is_at_the_dot = False
        with self._heard():
            is_at_the_dot = next(self._talk, _AT_THE_DOT) is _AT_THE_DOT
        return not is_at_the_dot and not self.is_over

    def leave(self, seconds: float) -> None:
        """Send its dot; the answer is waited for so long."""
        with self._heard():
            dialogue.send_dot(self.smtp, seconds)
            self._has_left = True

    def stay(self) -> None:
        """It is not to leave: without its dot the server throws it away."""
        self.is_over = self.is_broken = True

    def hear(self) -> None:
        """The answer to its dot, if it left."""
        if self._has_left:
            with self._heard():
                self.said = dialogue.answer_to_dot(self.smtp, self._parcel.recipients)

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        try:
            with dialogue.in_words(self._server):
                yield
        except MailTrouble as trouble:
            code = trouble.server_words[:3]
            self.said, self.is_over = dialogue.failure(trouble), True
            self.is_broken = not code.isdecimal() or code == "421"
        except TransportFailed as failure:
            self.said, self.is_over, self.is_broken = failure, True, True


def _has_forgotten(smtp: smtplib.SMTP) -> bool:
    """After a refusal the same connection takes the next mail (RFC 5321, 4.1.1.5)."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        return bool(smtp.rset()[0] == 250)
    return False


@contextlib.contextmanager
def session(server: Server, *, answer_seconds: float = ANSWER_SECONDS) -> Iterator[smtplib.SMTP]:
    """A signed-in conversation with the server. Raises MailTrouble, also for what fails inside the block."""
    smtp: smtplib.SMTP | None = None
    try:
        with dialogue.in_words(server):
            smtp = _connected(server, answer_seconds)
            yield smtp
    finally:
        if smtp is not None:
            _leave(smtp)


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
        words = dialogue.answer(error.smtp_code, error.smtp_error)
        if 400 <= error.smtp_code < 500:
            raise MailTrouble(Trouble.BUSY, words) from error
        raise MailTrouble(Trouble.TOKEN_REFUSED if token else Trouble.WRONG_PASSWORD, words) from error


def _leave(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(5)
        smtp.quit()
    smtp.close()
