"""SMTP servers for tests: a real one (aiosmtpd) that can be told to refuse, and one that breaks off where asked."""

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER = "shop@komorebi.example"
PASSWORD = "neko-no-te-mo"


@dataclass
class Letterbox:
    """What the server does and what it got."""

    answer_to_rcpt: dict[str, str] = field(default_factory=dict)
    answer_to_data: str = "250 2.0.0 Ok: queued as 4F2A"
    got: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answer_to_rcpt:
            return self.answer_to_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_to_data.startswith("2"):
            self.got.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return self.answer_to_data


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    server.event_handler.logins.append(data.login)
    good = isinstance(data, LoginPassword) and data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


@contextlib.contextmanager
def running(
    letterbox: Letterbox,
    *,
    certificate: Path | None = None,
    with_password: bool = False,
    from_the_start: bool = False,
) -> Iterator[int]:
    """The port of a server that fills `letterbox`; with `certificate` it demands STARTTLS, or TLS from the start."""
    options: dict[str, Any] = {
        "authenticator": _check,
        "auth_require_tls": bool(certificate),
        "auth_required": with_password,
    }
    options["server_hostname"] = "localhost"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_name("key.pem"))
        options |= {"ssl_context": context} if from_the_start else {"tls_context": context, "require_starttls": True}
        options["auth_require_tls"] = not from_the_start  # aiosmtpd knows only its own STARTTLS
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.contextmanager
def breaking_off(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server whose one conversation is `talk`; it hangs up when `talk` returns."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _address = listener.accept()
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def until_data(connection: socket.socket) -> Any:
    """Speak SMTP up to and including the answer to DATA; the file from which the mail's lines can be read."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 test ESMTP\r\n")
    for line in lines:
        if line.upper().startswith(b"DATA"):
            connection.sendall(b"354 go on\r\n")
            return lines
        connection.sendall(b"250 OK\r\n")
    return lines


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost, key.pem beside it."""
    cert = folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
