"""What leaves for a webhook over HTTP, against a real server on this machine."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anshin.connectors.webhooks.adapter import HttpsMessenger
from anshin.integrations import actions
from anshin.integrations.models import Attempt, Webhook
from anshin.integrations.ports import messenger
from anshin.integrations.terms import EventType, Failing
from anshin.plumbing.web import reach
from tests.cases.writing import arrive
from tests.integrations.conftest import URL

pytestmark = pytest.mark.django_db


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status, said, headers = self.server.answers.pop(0) if self.server.answers else (204, b"", {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    made.got, made.answers = [], []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def open_door(monkeypatch):
    """Lets this machine count as the internet."""
    monkeypatch.setattr(reach, "is_public", lambda address: True)


def test_a_real_server_gets_headers_and_body_as_they_were_signed(shop, owner, server, open_door, at):
    _hook, secret = actions.add_webhook(by=owner, name="", url=URL, types=[EventType.CASE_CREATED], now=at.now)
    Webhook.objects.update(url=f"http://127.0.0.1:{server.server_port}/hook?a=1")
    server.answers = [(503, b"not now" * 500, {"Retry-After": "7"})]
    with messenger.filled_with(HttpsMessenger()):
        arrive(shop, "a@mail.example", at=at.now)
        at.on(seconds=1)
        at.on(seconds=20)
    assert [path for path, _headers, _body in server.got] == ["/hook?a=1"] * 2
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    for _path, headers, body in server.got:
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        signature = "v1," + base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == signature
        assert headers["content-type"] == "application/json" and json.loads(body)["type"] == "case.created"
    assert len({headers["webhook-id"] for _path, headers, _body in server.got}) == 1
    first, second = Attempt.objects.order_by("id")
    assert (first.status, second.status) == (503, 204) and first.said.startswith("not now") and len(first.said) == 500


def test_redirects_are_failures_and_nobody_is_followed(server, open_door):
    server.answers = [(302, b"", {"Location": f"http://127.0.0.1:{server.server_port}/inside"})]
    told = HttpsMessenger().tell(f"http://127.0.0.1:{server.server_port}/", body=b"{}", headers={})
    assert told.status == 302 and told.failing == Failing.STATUS
    assert [path for path, _headers, _body in server.got] == ["/"]


def test_what_stands_inside_is_never_asked(server):
    told = HttpsMessenger().tell(f"http://127.0.0.1:{server.server_port}/", body=b"{}", headers={})
    assert told.status is None and told.failing == Failing.FORBIDDEN and server.got == []


def test_a_door_that_is_closed_is_said(open_door):
    told = HttpsMessenger().tell("http://127.0.0.1:9/", body=b"{}", headers={})
    assert told.status is None and told.failing == Failing.UNREACHABLE
