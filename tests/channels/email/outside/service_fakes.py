"""Sending services in miniature: real HTTP on this machine, recording what is asked and answering as they document.

Answers as in the services' public API pages (Mailgun “Messages”, Postmark “Email API”, SendGrid “Mail Send”, Brevo
“Send a transactional email”, Resend “Send email”), read 2026-11-26 by way of django-anymail 15.2, which relies on them;
Amazon's as in “SendEmail” of its API v2.
"""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

GOOD: dict[str, tuple[int, Any, dict[str, str]]] = {
    "mailgun": (200, {"id": "<20261126.1@mg.komorebi.example>", "message": "Queued. Thank you."}, {}),
    "mailgun_eu": (200, {"id": "<20261126.1@mg.komorebi.example>", "message": "Queued. Thank you."}, {}),
    "postmark": (
        200,
        {"To": "misaki@example.jp", "SubmittedAt": "2026-11-26T01:00:00Z", "MessageID": "b7bc2f4a", "ErrorCode": 0,
         "Message": "OK"},
        {},
    ),
    "sendgrid": (202, None, {"X-Message-Id": "14c5d75ce93"}),
    "brevo": (201, {"messageId": "<202611260100.1@smtp-relay.mailin.fr>"}, {}),
    "resend": (200, {"id": "49a3999c-0ce1"}, {}),
    "amazon_ses": (200, {"MessageId": "010701936e2a-0ce1"}, {}),
}  # fmt: skip


@dataclass
class Asked:
    """One question."""

    path: str
    headers: dict[str, str]
    body: bytes

    def said(self) -> dict[str, Any]:
        """JSON as it is; a form's fields by name, each a list of texts or (file name, bytes)."""
        kind = self.headers["Content-Type"]
        if kind.startswith("application/json"):
            return dict(json.loads(self.body))
        if kind.startswith("application/x-www-form-urlencoded"):
            return parse_qs(self.body.decode())
        raw = f"Content-Type: {kind}\r\n\r\n".encode() + self.body
        fields: dict[str, Any] = {}
        for part in message_from_bytes(raw, policy=policy.default).iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            value = (part.get_filename(), content) if part.get_filename() else content.decode()
            fields.setdefault(str(name), []).append(value)
        return fields


@dataclass
class Service:
    """What the service answers, and what it was asked. `before_answering` may hang up by raising."""

    answer: tuple[int, Any, dict[str, str]]
    asked: list[Asked] = field(default_factory=list)
    before_answering: Callable[[], None] = lambda: None


class HangUp(Exception):
    """The connection ends without an answer."""


@contextlib.contextmanager
def serving(service: Service) -> Iterator[str]:
    """The address of the service."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(Asked(self.path, dict(self.headers), body))
            try:
                service.before_answering()
            except HangUp:
                self.close_connection = True
                return
            code, said, headers = service.answer
            content = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
