"""A browser as far as a bench needs one: a line that is kept open, and cookies."""

from __future__ import annotations

import http.client
import select
from collections.abc import Mapping
from urllib.parse import urlencode


class Browser:
    """Asks the desk at this port of this machine. `cookies` goes along with each question and takes what is set."""

    def __init__(self, port: int, *, seconds: float = 60) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, values: Mapping[str, str], **headers: str) -> tuple[int, str]:
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **values})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        return self._ask("POST", path, body, sent | headers)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, str]:
        if self.line.sock is not None and select.select([self.line.sock], [], [], 0)[0]:
            self.line.close()  # the server has ended a line on which nobody asked for long; browsers look, too
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.line.request(method, path, body, {"Cookie": cookie, "Host": f"localhost:{self.port}", **headers})
        answer = self.line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, text
