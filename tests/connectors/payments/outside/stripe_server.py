"""A server on this machine that keeps Stripe's promises about refunds: same key, same answer; never above the charge.

It can make difficulties: hold an answer back until it is told to let go, drop the connection after the money went,
answer with an error, forget its keys (as Stripe may after a day).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sk_test_anshin_1234567890"


class Stripe:
    """The state: charges with their amounts, refunds, saved answers by idempotency key."""

    def __init__(self, **charges: int) -> None:
        self.charges = charges
        self.refunds: list[dict[str, Any]] = []
        self.saved: dict[str, tuple[int, dict[str, Any]]] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.status_of_new = "succeeded"
        self.next_error: tuple[int, dict[str, Any]] | None = None
        self.drops_next = False
        self.holds = False
        self.has_paid, self.let_go = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    @property
    def paid_yen(self) -> int:
        return sum(each["amount"] for each in self.refunds if each["status"] not in {"failed", "canceled"})

    def forget_keys(self) -> None:
        self.saved.clear()

    def create(self, form: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        with self._lock:
            if key in self.saved:
                return self.saved[key]
            if self.next_error:
                answer, self.next_error = self.next_error, None
                return answer
            charge, amount = form.get("payment_intent") or form["charge"], int(form["amount"])
            if charge not in self.charges:
                return 404, _error("resource_missing", f"No such charge: '{charge}'")
            left = self.charges[charge] - sum(each["amount"] for each in self.refunds if each["charge"] == charge)
            if amount > left:
                return 400, _error("charge_already_refunded" if left == 0 else "", f"Only {left} is left to refund.")
            refund = {
                "id": f"re_{len(self.refunds) + 1:06}",
                "object": "refund",
                "amount": amount,
                "currency": "jpy",
                "charge": charge,
                "status": self.status_of_new,
                "metadata": {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")},
            }
            self.refunds.append(refund)
            self.saved[key] = (200, refund)
            return 200, refund

    def list_of(self, charge: str) -> dict[str, Any]:
        found = [each for each in reversed(self.refunds) if each["charge"] == charge]
        return {"object": "list", "has_more": False, "data": found}


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "type": "invalid_request_error"}}


class Door(ThreadingHTTPServer):
    """The server with its state."""

    daemon_threads = True
    stripe: Stripe


class Handler(BaseHTTPRequestHandler):
    """Reads questions and writes answers; what they are the state decides."""

    server: Door

    def do_POST(self) -> None:
        stripe = self.server.stripe
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        key = self.headers.get("Idempotency-Key", "")
        stripe.asked.append(("POST", self.path, key))
        if not self._knows_us():
            return
        status, answer = stripe.create({name: values[0] for name, values in parse_qs(body).items()}, key)
        stripe.has_paid.set()
        if stripe.holds:
            stripe.let_go.wait(30)
        if stripe.drops_next:
            stripe.drops_next = False
            self.close_connection = True
            return
        self._say(status, answer)

    def do_GET(self) -> None:
        stripe, parts = self.server.stripe, urlsplit(self.path)
        stripe.asked.append(("GET", parts.path, ""))
        if not self._knows_us():
            return
        if parts.path == "/v1/refunds":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self._say(200, stripe.list_of(asked.get("payment_intent") or asked["charge"]))
            return
        found = [each for each in stripe.refunds if each["id"] == parts.path.rpartition("/")[2]]
        self._say(*((200, found[0]) if found else (404, _error("resource_missing", "No such refund"))))

    def _knows_us(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self._say(401, {"error": {"message": "Invalid API Key provided", "type": "invalid_request_error"}})
        return False

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked has been killed
            return

    def log_message(self, *_words: object) -> None:
        return


@contextmanager
def running(stripe: Stripe) -> Iterator[str]:
    """The address of a server with this state."""
    server = Door(("127.0.0.1", 0), Handler)
    server.stripe = stripe
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stripe.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
