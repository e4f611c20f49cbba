"""A newcomer's first minutes over HTTP: start the demo, sign in, read the inbox, answer, find the answer outside, stop.

Standard library only: it runs before anything is installed.
"""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

START_SECONDS = 600
LEAVES_SECONDS = 60
ANSWER = "お問い合わせありがとうございます。確認の歩きからお答えします。"


def main() -> int:
    port = free_port()
    base = f"http://localhost:{port}"
    log = Path(os.environ.get("TMPDIR", "/tmp")) / f"anshin-walk-{port}.log"
    with log.open("w") as out:
        demo = subprocess.Popen(
            ["./anshin", "demo", "--port", str(port)], stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(base, demo, log)
        walk(Visitor(base))
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(timeout=60)
    print("Walk: signed in, read the inbox, answered, and the answer left.")
    return 0


def walk(visitor: "Visitor") -> None:
    login = visitor.get("/account/login/")
    person = re.search(r'name="person"[^>]*value="([^"]*takeuchi[^"]*|[^"]+)"', login)
    cards = re.findall(r'<button[^>]*name="person"[^>]*value="([^"]+)"', login)
    chosen = next((value for value in cards if "takeuchi" in value), cards[0] if cards else person and person[1])
    expect(chosen, "the sign-in page shows the cast")
    visitor.post("/dev/sign-in", {"person": chosen})
    inbox = visitor.get("/s/komorebi/inbox/mine")
    expect("届いたバッグの色が写真と違います" in inbox, "the inbox shows the bag's case")
    case = visitor.get("/s/komorebi/c/1042")
    expect("KM-20417" in case, "the case shows its order")
    seen = re.search(r'name="seen" value="(\d+)"', case)[1]
    visitor.post("/s/komorebi/c/1042/reply", {"text": ANSWER, "to": "y-kashiwagi@mail.example", "seen": seen})
    expect(ANSWER in visitor.get("/s/komorebi/c/1042"), "the reply stands in the case")
    deadline = time.monotonic() + LEAVES_SECONDS
    while not has_left(visitor):
        expect(time.monotonic() < deadline, "the reply leaves within a minute")
        time.sleep(2)


def has_left(visitor: "Visitor") -> bool:
    """Whether the newest of the mails outside is the answer, as its receiver would read it."""
    newest = re.search(r'href="(/dev/outside/\d+)"', visitor.get("/dev/outside"))
    return newest is not None and ANSWER in visitor.get(newest[1])


class Visitor:
    """A browser without pictures."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str]) -> str:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.base + path, body, {"Referer": self.base + path})
        with self.opener.open(request, timeout=30) as answer:
            return answer.read().decode()


def wait_for(base: str, demo: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if demo.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"The demo did not start:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(base + "/account/login/", timeout=5).close()
            return
        except OSError:
            time.sleep(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def expect(holds: object, words: str) -> None:
    if not holds:
        sys.exit(f"Walk: it does not hold that {words}.")


if __name__ == "__main__":
    sys.exit(main())
