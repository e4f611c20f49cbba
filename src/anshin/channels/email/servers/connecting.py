"""Turns whatever goes wrong on the way to a mail server into one of the troubles that a person can act on."""

import errno
import smtplib
import socket
import ssl

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble
from anshin.plumbing.web.reach import Inside

CONNECT_SECONDS = 15.0
LONGEST_WORDS = 300

_TEMPORARY_CODES = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[OVERQUOTA]")  # RFC 5530, 3
_UNREACHABLE = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}

_CERTIFICATE_TROUBLES = {
    9: Trouble.CERTIFICATE_EXPIRED,  # not valid yet: one of the two clocks is wrong
    10: Trouble.CERTIFICATE_EXPIRED,
    62: Trouble.CERTIFICATE,
    64: Trouble.CERTIFICATE,
}
"""OpenSSL's X509_V_ERR codes of what a person can tell apart; Source: openssl-verification-options(1), x509_vfy.h."""


def tls_context() -> ssl.SSLContext:
    """Verified TLS. A certificate authority of one's own is named by the environment variable SSL_CERT_FILE."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def trouble_of(error: Exception, server: Server) -> MailTrouble:
    """The trouble behind an exception of the network, TLS, IMAP or SMTP libraries."""
    if isinstance(error, MailTrouble):
        return error
    if isinstance(error, LoginError):
        return _login_trouble(error, server)
    if isinstance(error, ssl.SSLError):
        return _tls_trouble(error)
    if isinstance(error, UnicodeError):  # a host name that cannot be written in a DNS query
        return MailTrouble(Trouble.UNKNOWN_HOST, server.host)
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return _network_trouble(error, server)
    return _protocol_trouble(error)


def words_of(error: object) -> str:
    """What the server or library said, on one line, readable and short."""
    said = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
    if said.startswith(("b'", 'b"')) and said.endswith(said[1]):  # imapclient puts the repr of bytes into messages
        said = said[2:-1]
    return " ".join(said.replace("\x00", "").split())[:LONGEST_WORDS]


def xoauth2(user: str, token: str) -> str:
    """What opens a mailbox with a token; to the refusal that may follow, an empty answer is due.

    Source: Google, “OAuth 2.0 Mechanism”, The SASL XOAUTH2 Mechanism, developers.google.com, read 2026-11-26.
    """
    return f"user={user}\1auth=Bearer {token}\1\1"


def _login_trouble(error: LoginError, server: Server) -> MailTrouble:
    words = words_of(error)
    if isinstance(error.__context__, IMAPClientAbortError):  # the line broke: nobody has looked at the password
        return MailTrouble(Trouble.BROKEN, words)
    if any(code in words.upper() for code in _TEMPORARY_CODES):
        return MailTrouble(Trouble.BUSY, words)
    if "[PRIVACYREQUIRED]" in words.upper() or "LOGINDISABLED" in words.upper():
        return MailTrouble(Trouble.ENCRYPTION, words)
    return MailTrouble(Trouble.TOKEN_REFUSED if server.bearer else Trouble.WRONG_PASSWORD, words)


def _tls_trouble(error: ssl.SSLError) -> MailTrouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        trouble = _CERTIFICATE_TROUBLES.get(error.verify_code, Trouble.CERTIFICATE_UNKNOWN)
        return MailTrouble(trouble, error.verify_message or words_of(error))
    return MailTrouble(Trouble.ENCRYPTION, words_of(error))


def _network_trouble(error: OSError, server: Server) -> MailTrouble:
    if isinstance(error, socket.gaierror | Inside):
        return _name_trouble(error, server)
    if isinstance(error, TimeoutError):
        return MailTrouble(Trouble.TIMEOUT)
    if error.errno in _UNREACHABLE:
        return MailTrouble(Trouble.REFUSED, f"{server.host}:{server.port}")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return MailTrouble(Trouble.DISK_FULL)
    return MailTrouble(Trouble.BROKEN, words_of(error))


def _name_trouble(error: OSError, server: Server) -> MailTrouble:
    if isinstance(error, Inside):
        return MailTrouble(Trouble.INSIDE, server.host)
    if error.errno == socket.EAI_AGAIN:
        return MailTrouble(Trouble.TIMEOUT, words_of(error))
    return MailTrouble(Trouble.UNKNOWN_HOST, server.host)


def _protocol_trouble(error: Exception) -> MailTrouble:
    words = words_of(error)
    if isinstance(error, IMAPClientAbortError):
        return MailTrouble(Trouble.BROKEN, words)
    if isinstance(error, IMAPClientError) and "STARTTLS" in words.upper():
        return MailTrouble(Trouble.ENCRYPTION, words)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailTrouble(Trouble.ENCRYPTION, words)
    return MailTrouble(Trouble.BROKEN, words)


def needs_context(server: Server) -> bool:
    """Whether the connection is encrypted at all."""
    return server.security != Security.PLAIN
