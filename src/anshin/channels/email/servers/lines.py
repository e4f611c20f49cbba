"""Opens the line to a mail server whose name somebody typed: never into an inside network that no operator allowed.

The address that was looked at is the one that is connected to (`plumbing/web/reach`); TLS still holds the certificate
against the name that was typed. A name in the operator's own settings may lead anywhere.
"""

import imaplib
import smtplib
import socket
import ssl
from typing import Any

from django.conf import settings
from imapclient import IMAPClient, SocketTimeout

from anshin.channels.email.terms import Security, Server
from anshin.plumbing.web import reach


def leads_inside(host: str) -> bool:
    """Whether a mail server's name leads where nothing is asked, and no operator has allowed it."""
    return reach.leads_inside(host, networks=settings.ANSHIN_INSIDE_NETWORKS)


def opened(server: Server, seconds: float | None) -> socket.socket:
    """A connection; `seconds` is waited at each address of the host. Raises reach.Inside, OSError, UnicodeError."""
    if server.is_operators:
        return socket.create_connection((server.host, server.port), seconds)
    return reach.connected(server.host, server.port, seconds=seconds, networks=settings.ANSHIN_INSIDE_NETWORKS)


class Imap(IMAPClient):
    """The library's client over a line of ours. Raises what `opened`, TLS and the library raise."""

    def __init__(self, server: Server, *, context: ssl.SSLContext | None, timeout: SocketTimeout) -> None:
        self._server = server
        is_tls = server.security == Security.TLS
        super().__init__(server.host, port=server.port, ssl=is_tls, ssl_context=context, timeout=timeout)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  the library calls it so
        return _ImapTalk(self._server, self.ssl_context if self.ssl else None, self._timeout.connect)


class _ImapTalk(imaplib.IMAP4):
    """The standard library's conversation. `context` is that of a line with TLS from the start."""

    def __init__(self, server: Server, context: ssl.SSLContext | None, seconds: float) -> None:
        self._server, self._tls, self._seconds = server, context, seconds
        super().__init__(server.host, server.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        line = opened(self._server, self._seconds if timeout is None else timeout)
        return self._tls.wrap_socket(line, server_hostname=self._server.host) if self._tls else line


class Smtp(smtplib.SMTP):
    """The standard library's client over a line of ours."""

    def __init__(self, server: Server, us: str, *, seconds: float) -> None:
        self._server = server
        super().__init__(server.host, server.port, us, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:  # noqa: ARG002  the library calls it so
        return opened(self._server, timeout)


class SealedSmtp(smtplib.SMTP_SSL):
    """The same with TLS from the start."""

    def __init__(self, server: Server, us: str, *, seconds: float, context: ssl.SSLContext) -> None:
        self._server = server
        super().__init__(server.host, server.port, us, timeout=seconds, context=context)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:  # noqa: ARG002  the library calls it so
        return self.context.wrap_socket(opened(self._server, timeout), server_hostname=self._server.host)
