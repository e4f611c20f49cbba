"""The command `anshin screenshots`: the pictures in the documentation, taken from a fresh demo shop."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

HELP = "Take the pictures in the documentation anew, from a fresh demo shop (needs Chromium)."
PROJECT = Path(__file__).resolve().parents[4]
LARGEST_BYTES = 300 * 1024
START_SECONDS = 600
LOG_CHARACTERS = 2000
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
WIDE = (1440, 900)
PHONE = (390, 844)
PICTURES_ARE_THERE = """() => [...document.images].every(image => {
    const place = image.getBoundingClientRect();
    return image.complete || place.top > innerHeight || place.bottom < 0;
})"""
PERSON = "takeuchi"
OWNER = "anju"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file name, what is shown, to whom, and how. Units: `size` in CSS pixels, width and height."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    person: str = PERSON
    theme: str = "light"
    language: str = "ja"


CASE = "/s/komorebi/c/1042"
SHOTS = (
    Shot("desk", CASE),
    Shot("desk-dark", CASE, theme="dark"),
    Shot("desk-english", CASE, language="en"),
    Shot("inbox", "/s/komorebi/inbox/mine"),
    Shot("phone-list", "/s/komorebi/inbox/mine", size=PHONE),
    Shot("phone-case", CASE, size=PHONE),
    Shot("settings", "/s/komorebi/settings", person=OWNER),
    Shot("imports", "/s/komorebi/imports", person=OWNER),
    Shot("outside", "/dev/outside"),
)


class CannotTake(Exception):
    """The pictures cannot be taken; the words say what is missing and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(shot.name for shot in SHOTS)
    parser.add_argument("only", nargs="*", metavar="NAME", help=f"Only these pictures: {names} (default: all).")
    parser.add_argument(
        "--into", type=Path, default=PROJECT / "docs" / "pictures", help="Folder for the pictures (docs/pictures)."
    )
    parser.add_argument("--address", help="Take them from a demo that is running already, e.g. http://localhost:8000.")


def run(options: argparse.Namespace) -> int:
    """0 when every picture was taken, 2 with a sentence when something is missing."""
    try:
        shots = chosen(options.only)
        chromium = find_chromium()
        options.into.mkdir(parents=True, exist_ok=True)
        if options.address:
            _take(shots, options.address.rstrip("/"), chromium, options.into)
        else:
            with demo() as address:
                _take(shots, address, chromium, options.into)
    except CannotTake as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def chosen(names: list[str]) -> tuple[Shot, ...]:
    """The pictures with these names, all of them without a name. Raises CannotTake for a name that is none."""
    unknown = sorted(set(names) - {shot.name for shot in SHOTS})
    if unknown:
        known = ", ".join(shot.name for shot in SHOTS)
        raise CannotTake(f"There is no picture called {', '.join(unknown)}. There are: {known}.")
    return tuple(shot for shot in SHOTS if not names or shot.name in names)


def find_chromium() -> str:
    """The path of Chromium. Raises CannotTake when it, or the library that steers it, is not installed."""
    try:
        import playwright.sync_api  # noqa: F401  is it there?
    except ImportError as error:
        raise CannotTake(
            "The library that steers the browser is missing. Run this as ./anshin screenshots, which installs it."
        ) from error
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise CannotTake(
            "Chromium is not installed, so no pictures were taken. On Debian: apt-get install chromium fonts-noto-cjk"
        )
    return found


@contextmanager
def demo() -> Iterator[str]:
    """The address of a fresh demo on a free port, with its data in a folder of its own; both are gone afterwards.

    Raises CannotTake when it does not answer within START_SECONDS.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="anshin-pictures-") as folder:
        log = Path(folder) / "demo.log"
        environment = {**os.environ, "ANSHIN_DEMO_DATA": str(Path(folder) / "data"), "PORT": str(port)}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROJECT / "src"), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-P", "-m", "anshin.project", "demo", "--port", str(port)]
        former = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the demo is stopped, too
        with log.open("wb") as out:
            server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=out)
        try:
            _wait_for(port, server, log)
            yield f"http://localhost:{port}"
        finally:
            _stop(server)
            signal.signal(signal.SIGTERM, former)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    sys.stderr.write("Starting a demo shop …\n")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        status = None if server.poll() is not None else _answer(port)
        if server.poll() is not None or (status and status >= 500):
            raise CannotTake(f"The demo does not work:\n{log.read_text(errors='replace')[-LOG_CHARACTERS:]}")
        if status:
            return
        time.sleep(0.5)
    raise CannotTake(f"The demo did not answer within {START_SECONDS} seconds, so no pictures were taken.")


def _answer(port: int) -> int | None:
    """The status with which the sign-in page is answered, None while nobody listens."""
    connection = HTTPConnection("localhost", port, timeout=60)
    with suppress(OSError, HTTPException):
        connection.request("GET", "/account/login/")
        return connection.getresponse().status
    return None


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _take(shots: tuple[Shot, ...], address: str, chromium: str, into: Path) -> None:
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as steering:
        browser = steering.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        try:
            for shot in shots:
                _take_one(browser, shot, address, into / f"{shot.name}.png")
        except Error as error:
            raise CannotTake(f"The browser did not get through:\n{error}\nLook at {address} yourself.") from error
        finally:
            browser.close()


def _take_one(browser: Browser, shot: Shot, address: str, file: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=shot.size == PHONE,
        has_touch=shot.size == PHONE,
        color_scheme="dark" if shot.theme == "dark" else "light",
        locale="ja-JP" if shot.language == "ja" else "en-GB",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    try:
        page = _signed_in(context, shot, address)
        answer = page.goto(address + shot.path, wait_until="load", timeout=60_000)
        if answer is None or not answer.ok:
            raise CannotTake(
                f"{shot.path} answered {answer.status if answer else 'nothing'}, so {shot.name} is missing."
            )
        page.evaluate("document.fonts.ready")
        page.wait_for_function(PICTURES_ARE_THERE, timeout=60_000)
        page.wait_for_timeout(700)
        page.screenshot(path=file, animations="disabled", caret="hide")
    finally:
        context.close()
    _make_small(file)
    sys.stderr.write(f"  {file.name}  {file.stat().st_size // 1024} kB\n")


def _signed_in(context: BrowserContext, shot: Shot, address: str) -> Page:
    """A page of a browser in which the person of the picture is signed in, in its language and brightness."""
    page = context.new_page()
    context.add_cookies(
        [
            {"name": "anshin_language", "value": shot.language, "url": address},
            {"name": "anshin_theme", "value": shot.theme, "url": address},
        ]
    )
    page.goto(f"{address}/account/login/", wait_until="load", timeout=60_000)
    page.locator(f"button[name=person][value={shot.person}]").click(timeout=60_000)
    page.wait_for_url(f"{address}/s/**", timeout=60_000)
    return page


def _make_small(file: Path) -> None:
    """Fewer colours until the file is at most LARGEST_BYTES; screens have few, so the eye does not see it."""
    from PIL import Image

    for colours in (256, 128, 64):
        if file.stat().st_size <= LARGEST_BYTES:
            return
        with Image.open(file) as picture:
            few = picture.convert("RGB").quantize(colors=colours, method=Image.Quantize.MEDIANCUT)
        few.save(file, optimize=True)
