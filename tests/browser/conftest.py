"""One demo shop on a port and one Chromium for all browser tests; skipped with a reason where there is none."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 240


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _needs_chromium():
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    if os.environ.get("ANSHIN_TEST_DATABASE_URL"):
        pytest.skip("The demo has its own SQLite database; this runs once, with the SQLite tests")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The address of a running demo."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, log = f"http://localhost:{port}", folder / "log"
    environment = {**os.environ, "ANSHIN_DEMO_DATA": str(folder / "data")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "anshin.project", "demo", "--port", str(port)],
            stdout=out, stderr=subprocess.STDOUT, env=environment, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert server.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            try:
                urllib.request.urlopen(base + "/account/login/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """Somebody of the cast at a browser."""

    def __init__(self, browser, base, person, *, phone=False, size=(1440, 900), theme="light"):
        width, height = (390, 844) if phone else size
        view = {"width": width, "height": height}
        self.context = browser.new_context(viewport=view, is_mobile=phone, has_touch=phone, locale="ja-JP")
        self.context.add_cookies([{"name": "anshin_theme", "value": theme, "url": base}])
        self.context.set_default_timeout(15_000)
        self.base = base
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", self._look_where_to)
        if person:
            self.page.goto(base + "/account/login/")
            self.page.locator(f'button[name="person"][value="{person}"]').click()
            self.page.wait_for_url("**/inbox/**")

    def _look_where_to(self, request):
        """A page asks our server and nobody else."""
        if not request.url.startswith((self.base + "/", "data:", "blob:")):
            self.complaints.append(f"asked somebody else: {request.url}")

    def open(self, path):
        self.page.goto(self.base + path)
        return self.page


@pytest.fixture
def sit_down(chromium, demo):
    """sit_down("takeuchi") is 竹内 at a desk; closed after the test.

    No complaint in the console (a broken content policy is one), and nobody else was asked for anything.
    """
    desks = []

    def begin(person, **how):
        desks.append(Desk(chromium, demo, person, **how))
        return desks[-1]

    yield begin
    complaints = [words for desk in desks for words in desk.complaints]
    for desk in desks:
        desk.context.close()
    assert complaints == []
