"""Real web processes (`anshin serve`) on the test's database, and a page of a browser that follows one of them."""

import contextlib
import http.client
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

PATIENCE_SECONDS = 120


class Web:
    """One process. `cookie` is a session of the test's database."""

    def __init__(self, environment: dict[str, str], *, slug: str, cookie: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.slug, self.cookie, self._environment = slug, cookie, environment
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-P", "-m", "anshin.project", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self._environment)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("anshin serve does not answer")

    def kill(self) -> None:
        """As power that fails: the process and the one that serves for it."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        for pid in [self.process.pid, *map(int, children.stdout.split())]:
            subprocess.run(["kill", "-9", str(pid)], check=False, capture_output=True)
        self.process.wait(PATIENCE_SECONDS)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask("GET", path)

    def note(self, number: int, text: str) -> None:
        """A colleague's change, through the page's own form."""
        _status, page = self.get(f"/s/{self.slug}/c/{number}")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:300]
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "text": text})
        status, answer = self._ask("POST", f"/s/{self.slug}/c/{number}/note", body)
        assert status in {200, 302, 303}, answer[:300]

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        host = f"localhost:{self.port}"
        headers = {"Host": host, "Cookie": self.cookie, "Origin": f"http://{host}", "Referer": f"http://{host}/"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for given in answer.headers.get_all("Set-Cookie") or []:
            if given.startswith("csrftoken="):
                self.cookie = f"{self.cookie.partition('; csrftoken')[0]}; {given.partition(';')[0]}"
        line.close()
        return answer.status, text


class Listener:
    """A page that stays open, and comes back with the number of the last event, as EventSource does."""

    def __init__(self, web: Web, channel: str) -> None:
        self._web, self._channel = web, channel
        self.events: list[tuple[int, str]] = []
        self.changed = threading.Condition()
        self._is_over = False
        threading.Thread(target=self._follow, daemon=True).start()
        self.until(lambda: self.events)

    def until(self, is_so) -> float:
        """Wait for it; after how many seconds it was so."""
        began = time.monotonic()
        with self.changed:
            assert self.changed.wait_for(is_so, PATIENCE_SECONDS), self.events
        return time.monotonic() - began

    def numbers(self) -> list[int]:
        """Of everything that happened, in the order of its arrival, each once."""
        return list(dict.fromkeys(number for number, kind in self.events if kind not in {"here", "reload"}))

    def close(self) -> None:
        self._is_over = True

    def _follow(self) -> None:
        while not self._is_over:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._read()
            time.sleep(0.2)

    def _read(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._web.port, timeout=PATIENCE_SECONDS)
        headers = {"Host": f"localhost:{self._web.port}", "Cookie": self._web.cookie}
        if self.events:
            headers["Last-Event-ID"] = str(self.events[-1][0])
        line.request("GET", f"/s/{self._web.slug}/live?channel={self._channel}", headers=headers)
        answer, number = line.getresponse(), 0
        while not self._is_over and (row := answer.readline().decode()):
            if row.startswith("id: "):
                number = int(row[4:])
            elif row.startswith("event: "):
                with self.changed:
                    self.events.append((number, row[7:].strip()))
                    self.changed.notify_all()
