"""How soon do open pages hear of a change that another process made? 2,000 pages follow one web process on PostgreSQL
while a second process changes something each second. Goal: 95 of 100 hear of it within 300 ms, and the inbox takes
less than twice the time that it takes without them.

    ./anshin bench live_pages --database postgres:///anshin --cases 1000
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles

from bench import desk

LISTENERS = 2000
CHANGES = 20
AT_ONCE = 50
PATIENCE_SECONDS = 30
INBOX = f"/s/{desk.SLUG}/inbox/open"

PUBLISH = f"""
import time
import anshin.project.asgi
from anshin.plumbing import clock
from anshin.plumbing.live.actions import publish
from anshin.shops.queries import shop_by_slug
shop = shop_by_slug("{desk.SLUG}")
for number in range({CHANGES}):
    began = time.monotonic()
    publish(shop_id=shop.pk, channel="shop", kind="bench.changed", payload={{"number": number}}, now=clock.now())
    print(number, began, flush=True)
    time.sleep(1)
"""


def main() -> int:
    given = desk.options(__doc__)
    if not given.database:
        print("SQLite serves one process; this needs --database postgres:///name.")
        return 2
    here = desk.place(given.database, given.cases)
    with desk.served(here, port=desk.free_port(), worker=False) as server:
        server.sign_in()
        alone = page_ms(server, times=60)
        command = [sys.executable, __file__, "--listen", str(server.port), server.cookies["sessionid"]]
        listening = subprocess.Popen(command, cwd=desk.ROOT, stdout=subprocess.PIPE, text=True)
        try:
            out = listening.stdout
            if out is None or out.readline().strip() != "open":
                raise RuntimeError("the pages could not be opened")
            idle = page_ms(server, times=60)
            publishing = subprocess.Popen(
                [sys.executable, "-c", PUBLISH],
                cwd=desk.ROOT,
                env=dict(here.environment()) | {"PATH": "/usr/bin"},
                stdout=subprocess.PIPE,
                text=True,
            )
            busy = page_ms(server, times=60, until=publishing)
            began = dict(line.split() for line in publishing.communicate()[0].splitlines())
            heard = json.loads(out.readline())
        finally:
            listening.kill()
            listening.wait()
    waits = [(at - float(began[number])) * 1000 for number, moments in heard.items() for at in moments]
    print(f"{len(waits)} of {LISTENERS * CHANGES} were heard; median {median(waits):.0f} ms, last {max(waits):.0f} ms")
    print(f"inbox: {alone:.1f} ms alone, {idle:.1f} ms beside idle pages, {busy:.1f} ms while changes come")
    kept = len(waits) == LISTENERS * CHANGES
    kept &= desk.told(f"{LISTENERS} pages hear of a change, p95", quantiles(waits, n=20)[-1], 300, "ms")
    kept &= desk.told("the inbox beside them, times its time alone", busy / alone, 2, "times")
    return 0 if kept else 1


def page_ms(server: desk.Server, *, times: int, until: subprocess.Popen[str] | None = None) -> float:
    """The median of so many inboxes, or of one each fifth of a second as long as a process runs."""
    waits = []
    while len(waits) < times or (until is not None and until.poll() is None):
        began = time.perf_counter()
        status, _page = server.get(INBOX)
        if status != 200:
            raise RuntimeError(f"{INBOX}: {status}")
        waits.append((time.perf_counter() - began) * 1000)
        if until is not None:
            time.sleep(0.2)
    return median(waits[5:])


async def listen(port: int, session: str) -> None:
    """Open all pages, say so, and print when which of them heard of which change."""
    heard: dict[str, list[float]] = {str(number): [] for number in range(CHANGES)}
    is_opening = asyncio.Semaphore(AT_ONCE)
    opened, complete, count = asyncio.Event(), asyncio.Event(), 0

    async def page() -> None:
        nonlocal count
        async with is_opening:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            line = f"GET /s/{desk.SLUG}/live HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: sessionid={session}\r\n\r\n"
            writer.write(line.encode())
            await reader.readuntil(b"event: here\n")
        count += 1
        if count == LISTENERS:
            opened.set()
        while True:
            line = await reader.readuntil(b"\n")
            if line.startswith(b'data: {"number"'):
                heard[str(json.loads(line[6:])["number"])].append(time.monotonic())
                if all(len(moments) == LISTENERS for moments in heard.values()):
                    complete.set()

    pages = [asyncio.create_task(page()) for _ in range(LISTENERS)]
    await asyncio.wait_for(opened.wait(), 120)
    print("open", flush=True)
    with suppress(TimeoutError):
        await asyncio.wait_for(complete.wait(), CHANGES + 4 * PATIENCE_SECONDS)
    print(json.dumps(heard), flush=True)
    for each in pages:
        each.cancel()


if __name__ == "__main__":
    if "--listen" in sys.argv:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        asyncio.run(listen(int(sys.argv[2]), sys.argv[3]))
        sys.exit(0)
    sys.exit(main())
