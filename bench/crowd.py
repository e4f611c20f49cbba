"""Clerks at work, for benches: each in a browser of her own, reading, searching, answering, with the live stream open.

A clerk does one thing, thinks for some seconds, does the next. Whoever looks at a list fetches it again, as the page
does, when the stream says that something has changed, at most every three seconds.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlencode

from bench.browser import Browser

SHOP = "/s/bench"
VIEWS = ("open", "open", "open", "unassigned", "mine", "all")
WORDS = ("返品", "領収書", "佐藤 領収書", "交換 サイズ", "届きません", "KM-10234", "状態:未対応 返品", "ﾍﾝﾋﾟﾝ", "高橋")
REPLY = "ご連絡ありがとうございます。{mark}番のお問い合わせを確認いたしました。\n少々お待ちください。"
NOTE = "{mark}: お客様に確認中です。"
LIST_PAUSE_SECONDS = 3.0
SENTENCE = "データベース"  # in what each page says that cannot be shown while the database is away
UNCHANGED = "何も変更されて"
HTMX = {"HX-Request": "true"}
_CASE = re.compile(SHOP + r"/c/(\d+)")
_SEEN = re.compile(r'name="seen" value="(\d+)"')


@dataclass
class Worked:
    """What came of it. `waits_ms` by kind of page; marks of replies and notes that the desk took, of those whose
    answer never came, which may or may not be there, and of those of which it said that nothing was changed.
    `speechless`: answers that broke without a sentence of what to do."""

    waits_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    overtaken: int = 0
    replies: list[str] = field(default_factory=list)
    unsure_replies: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsure_notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    speechless: Counter[str] = field(default_factory=Counter)
    heard: int = 0

    def p95_ms(self, kind: str) -> float:
        """The wait that 95 of 100 such pages keep."""
        waits = self.waits_ms[kind]
        return quantiles(waits, n=20)[-1] if len(waits) > 1 else max(waits, default=0.0)


@dataclass(frozen=True)
class Written:
    """A reply or a note, by its mark."""

    kind: str
    mark: str


class Crowd:
    """So many clerks as there are sessions, spread over the desk's ports, until `end`."""

    def __init__(self, ports: Sequence[int], sessions: Sequence[str], *, think_seconds: float, seed: int = 1) -> None:
        self.worked, self.lock = Worked(), threading.Lock()
        self.is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.think_seconds = think_seconds
        for number, session in enumerate(sessions):
            browser = Browser(ports[number % len(ports)])
            browser.cookies["sessionid"] = session
            clerk = Clerk(self, number, browser, random.Random(seed + number))
            self._threads += [threading.Thread(target=run, daemon=True) for run in (clerk.work, clerk.listen)]

    def start(self) -> None:
        """Everybody sits down."""
        for thread in self._threads:
            thread.start()

    def end(self) -> Worked:
        """Everybody finishes what is under way."""
        self.is_over.set()
        for thread in self._threads:
            thread.join(90)
        return self.worked


class Clerk:
    """One of them."""

    def __init__(self, crowd: Crowd, number: int, browser: Browser, roll: random.Random) -> None:
        self.crowd, self.number, self.browser, self.roll = crowd, number, browser, roll
        self.list_path, self.done = "", 0
        self.cases: list[str] = []
        self.has_changed = threading.Event()
        self.listed_at = 0.0

    def work(self) -> None:
        """Until it is over."""
        time.sleep(self.roll.uniform(0, self.crowd.think_seconds))
        self._inbox()
        do = (self._inbox, self._read, self._search, self._reply, self._note, self._palette)
        while not self.crowd.is_over.is_set():
            self._think()
            (what,) = self.roll.choices(do, (20, 35, 15, 15, 8, 7))
            what()

    def listen(self) -> None:
        """Hold the stream open, again after each break, and notice each event."""
        while not self.crowd.is_over.is_set():
            with suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.browser.port, timeout=30)
                cookie = f"sessionid={self.browser.cookies['sessionid']}"
                line.request(
                    "GET", f"{SHOP}/live", headers={"Cookie": cookie, "Host": f"localhost:{self.browser.port}"}
                )
                stream = line.getresponse()
                while (sent := stream.readline()) and not self.crowd.is_over.is_set():
                    if sent.startswith(b"event: case"):
                        self.has_changed.set()
                        self.crowd.worked.heard += 1
            time.sleep(1)

    def _think(self) -> None:
        end = time.monotonic() + self.roll.uniform(0.5, 1.5) * self.crowd.think_seconds
        while (left := end - time.monotonic()) > 0 and not self.crowd.is_over.is_set():
            due = self.listed_at + LIST_PAUSE_SECONDS - time.monotonic()
            if self.list_path and self.has_changed.is_set() and due <= 0:
                self._list_again()
            time.sleep(min(left, 0.1))

    def _inbox(self) -> None:
        self.list_path = f"{SHOP}/inbox/{self.roll.choice(VIEWS)}"
        page = self._get("inbox", self.list_path)
        self._listed(page)

    def _list_again(self) -> None:
        self._listed(self._get("list again", self.list_path, **HTMX, **{"HX-Target": "list"}))

    def _listed(self, page: str) -> None:
        self.has_changed.clear()
        self.listed_at = time.monotonic()
        self.cases = sorted(set(_CASE.findall(page))) or self.cases

    def _read(self) -> str:
        if not self.cases:
            return ""
        self.list_path = ""
        return self._get("case", f"{SHOP}/c/{self.roll.choice(self.cases)}")

    def _search(self) -> None:
        self.list_path = ""
        self._get("search", f"{SHOP}/search?{_query(self.roll.choice(WORDS))}")

    def _palette(self) -> None:
        self._get("palette", f"{SHOP}/palette?{_query(self.roll.choice(WORDS))}", **HTMX)

    def _reply(self) -> None:
        page = self._read()
        seen, number = _SEEN.search(page), _CASE.search(page.partition('name="seen"')[0][-3000:])
        if not seen or not number:
            return
        self._think()
        mark = self._mark("r")
        values = {"text": REPLY.format(mark=mark), "to": f"{mark}@mail1.example", "seen": seen[1]}
        self._write(Written("reply", mark), f"{SHOP}/c/{number[1]}/reply", values)

    def _note(self) -> None:
        number = _CASE.search(self._read())
        if not number or not self.cases:
            return
        mark = self._mark("n")
        path = f"{SHOP}/c/{self.roll.choice(self.cases)}/note"
        self._write(Written("note", mark), path, {"text": NOTE.format(mark=mark)})

    def _mark(self, kind: str) -> str:
        self.done += 1
        return f"{kind}{self.number}-{self.done}"

    def _write(self, what: Written, path: str, values: dict[str, str]) -> None:
        answer = self._timed(what.kind, lambda: self.browser.post(path, values, **HTMX))
        worked = self.crowd.worked
        taken, unsure = {
            "reply": (worked.replies, worked.unsure_replies),
            "note": (worked.notes, worked.unsure_notes),
        }[what.kind]
        with self.crowd.lock:
            if answer is None:
                unsure.append(what.mark)
            elif answer[0] == 422 and 'name="seen"' in answer[1]:
                worked.overtaken += 1
            elif answer[0] == 200 and what.mark in answer[1]:
                taken.append(what.mark)
            else:
                self._broke(what.kind, *answer)
                unsure.append(what.mark)
                if UNCHANGED in answer[1]:
                    worked.refused.append(what.mark)

    def _broke(self, kind: str, status: int, page: str) -> None:
        worked = self.crowd.worked
        worked.errors[f"{kind}: {status}"] += 1
        if status >= 500 and not (status == 503 and SENTENCE in page):
            worked.speechless[f"{kind}: {status}"] += 1

    def _get(self, kind: str, path: str, **headers: str) -> str:
        answer = self._timed(kind, lambda: self.browser.get(path, **headers))
        if answer is None:
            return ""
        if answer[0] != 200:
            with self.crowd.lock:
                self._broke(kind, *answer)
        return answer[1]

    def _timed(self, kind: str, ask: Callable[[], tuple[int, str]]) -> tuple[int, str] | None:
        """The answer, or None when the line broke, which counts as an error."""
        began = time.perf_counter()
        try:
            answer = ask()
        except (OSError, http.client.HTTPException) as broken:
            self.browser.line.close()
            with self.crowd.lock:
                self.crowd.worked.errors[f"{kind}: {type(broken).__name__}"] += 1
            return None
        with self.crowd.lock:
            self.crowd.worked.waits_ms[kind].append((time.perf_counter() - began) * 1000)
        return answer


def _query(words: str) -> str:
    return urlencode({"q": words})
