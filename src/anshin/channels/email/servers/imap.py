"""Reads an inbox over IMAP without leaving a trace in it: nothing is marked as read, moved or deleted.

For `fetching`. Every failure leaves as a MailTrouble.
"""

import contextlib
import imaplib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout

from anshin.channels.email.servers import connecting, lines
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble

FOLDER = "INBOX"
READ_SECONDS = 60.0
HEADERS_AT_ONCE = 500
imaplib._MAXLINE = 20_000_000  # type: ignore[attr-defined]  # a search answer naming 100,000 mails passes 1 MB


@dataclass(frozen=True, slots=True)
class Listed:
    """What the server says of a mail before it is fetched."""

    uid: int
    size_bytes: int
    received_at: datetime | None


class Inbox:
    """The INBOX of one connection, opened read-only."""

    def __init__(self, client: IMAPClient, server: Server, selected: Mapping[bytes, Any]) -> None:
        self._client = client
        self._server = server
        self.uidvalidity = int(selected.get(b"UIDVALIDITY", 0))

    def uids_after(self, last_uid: int, *, since: date | None = None) -> list[int]:
        """Numbers of the mails above `last_uid`, ascending; with `since` only those received on that day or later.

        Source: RFC 3501, 6.4.4. `n:*` always names the last mail too, so smaller numbers are filtered out.
        """
        criteria: list[Any] = ["UID", f"{last_uid + 1}:*"]
        if since:
            criteria += ["SINCE", since]
        with self._words():
            return sorted(uid for uid in self._client.search(criteria) if uid > last_uid)

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Size and date of these mails, ascending; what has been deleted meanwhile is missing."""
        found: list[Listed] = []
        for start in range(0, len(uids), HEADERS_AT_ONCE):
            part = list(uids[start : start + HEADERS_AT_ONCE])
            with self._words():
                answers = self._client.fetch(part, ["RFC822.SIZE", "INTERNALDATE"])
            found += [_listed(uid, answer) for uid, answer in answers.items()]
        return sorted(found, key=lambda mail: mail.uid)

    def dates(self, uids: Sequence[int]) -> dict[int, datetime | None]:
        """When the server received each of these mails, at most some hundreds; what has been deleted is missing."""
        with self._words():
            answers = self._client.fetch(list(uids), ["INTERNALDATE"]) if uids else {}
        return {uid: _received(answer) for uid, answer in answers.items() if b"INTERNALDATE" in answer}

    def message_id_lines(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The Message-ID header line of each of these mails, for recognising mails without fetching them."""
        lines: dict[int, bytes] = {}
        for start in range(0, len(uids), HEADERS_AT_ONCE):
            part = list(uids[start : start + HEADERS_AT_ONCE])
            with self._words():
                answers = self._client.fetch(part, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
            lines |= {uid: _body(answer) for uid, answer in answers.items()}
        return lines

    def raw(self, uid: int) -> bytes | None:
        """The whole mail as it is, or None when it has been deleted meanwhile."""
        return self._fetched(uid, "BODY.PEEK[]")

    def header(self, uid: int) -> bytes | None:
        """Only the mail's header."""
        return self._fetched(uid, "BODY.PEEK[HEADER]")

    def can_idle(self) -> bool:
        """Whether the server can tell us about new mail by itself (RFC 2177)."""
        with self._words():
            return bool(self._client.has_capability("IDLE"))

    def start_idle(self) -> None:
        with self._words():
            self._client.idle()

    def has_news(self, *, seconds: float) -> bool:
        """Whether the server announced new mail within `seconds`. Between start_idle and end_idle only."""
        with self._words():
            answers = self._client.idle_check(timeout=seconds)
        return any(len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT") for answer in answers)

    def end_idle(self) -> None:
        with self._words():
            self._client.idle_done()

    def _fetched(self, uid: int, what: str) -> bytes | None:
        with self._words():
            try:
                answers = self._client.fetch([uid], [what])
            except IMAPClient.AbortError:
                raise
            except IMAPClient.Error as error:  # the connection lives, only this mail cannot be had
                raise MailTrouble(Trouble.UNFETCHABLE, connecting.words_of(error)) from error
        return _body(answers[uid]) if uid in answers else None

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise connecting.trouble_of(error, self._server) from error


@contextlib.contextmanager
def opened(server: Server, *, read_seconds: float = READ_SECONDS) -> Iterator[Inbox]:
    """The inbox behind `server`, closed again at the end. Raises MailTrouble."""
    client = connected(server, read_seconds)
    try:
        yield Inbox(client, server, selected(client, server))
    finally:
        leave(client)


def connected(server: Server, read_seconds: float) -> IMAPClient:
    """A signed-in connection. A token that the server refuses, though it should still be good, is renewed once."""
    if server.bearer is None:
        return _signed_in(server, read_seconds, "")
    token = server.bearer.token()
    try:
        return _signed_in(server, read_seconds, token)
    except MailTrouble as trouble:
        if trouble.trouble != Trouble.TOKEN_REFUSED:
            raise
    return _signed_in(server, read_seconds, server.bearer.other_than(token))


def _signed_in(server: Server, read_seconds: float, token: str) -> IMAPClient:
    try:
        client = lines.Imap(
            server,
            context=connecting.tls_context() if connecting.needs_context(server) else None,
            timeout=SocketTimeout(connecting.CONNECT_SECONDS, read_seconds),
        )
    except Exception as error:
        raise connecting.trouble_of(error, server) from error
    try:
        if server.security == Security.STARTTLS:
            client.starttls(connecting.tls_context())
        client.normalise_times = False
        if token:
            client.sasl_login("XOAUTH2", lambda challenge: b"" if challenge else connecting.xoauth2(server.user, token))
        else:
            client.login(server.user, server.password)
    except Exception as error:
        leave(client)
        raise connecting.trouble_of(error, server) from error
    return client


def selected(client: IMAPClient, server: Server, *, readonly: bool = True) -> Mapping[bytes, Any]:
    """What the server says of the INBOX, now open; read-only unless it is to be tidied. Raises MailTrouble."""
    try:
        answer: Mapping[bytes, Any] = client.select_folder(FOLDER, readonly=readonly)
    except IMAPClient.AbortError as error:
        raise connecting.trouble_of(error, server) from error
    except IMAPClient.Error as error:
        raise MailTrouble(Trouble.NO_FOLDER, connecting.words_of(error)) from error
    except OSError as error:
        raise connecting.trouble_of(error, server) from error
    return answer


def leave(client: IMAPClient) -> None:
    """End a connection, properly where that still goes."""
    with contextlib.suppress(Exception):  # a server that is gone cannot be said goodbye to
        client.logout()
    with contextlib.suppress(Exception):
        client.shutdown()


def _listed(uid: int, answer: Mapping[bytes, Any]) -> Listed:
    return Listed(uid, int(answer.get(b"RFC822.SIZE", 0)), _received(answer))


def _received(answer: Mapping[bytes, Any]) -> datetime | None:
    received: datetime | None = answer.get(b"INTERNALDATE")
    if received is None:
        return None
    return received.astimezone(UTC) if received.tzinfo else received.replace(tzinfo=UTC)


def _body(answer: Mapping[bytes, Any]) -> bytes:
    for name, value in answer.items():
        if name.startswith((b"BODY[", b"RFC822")):
            return value or b""
    return b""
