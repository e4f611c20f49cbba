"""Are pages as fast in a database with a hundred shops as in one that holds their shop alone? Goal: 1.2 times at most.

    ./anshin bench many_shops [--database postgres:///anshin] [--shops 100] [--cases 10000]

Inbox, case, search and customer, asked by turns of both desks, so that whatever else the machine does falls on both
alike; in the large one of five shops. Neither has a worker. Of the copies' words only those that the queries have are
in the search index, or filling it would take an hour.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import quote

from bench import desk, search
from bench.browser import Browser

GOAL = 1.2
ASKED_SHOPS = 5
ROUNDS = 10
QUERIES = ("佐藤 領収書", "返品", "KM-10234", "担当:自分 状態:対応待ち", "期間:先週 交換", "高橋")


@dataclass
class Door:
    """A shop's browser and its pages by kind."""

    browser: Browser
    pages: dict[str, list[str]]


def main() -> int:
    given = _options()
    small = search.indexed(given.database, given.cases)
    large = place(given.database, given.cases, given.shops)
    with ExitStack() as stack:
        sides = []
        for here, count in ((small, 1), (large, ASKED_SHOPS)):
            server = stack.enter_context(desk.served(here, port=desk.free_port(), worker=False))
            sides.append((server, _doors(here, server.port, count)))
        kept = True
        for kind in sides[0][1][0].pages:
            spent = _by_turns(sides, kind, given.times)
            print(f"{here.name} {kind:10} {spent[0]:7.2f} and {spent[1]:7.2f} CPU-ms")
            kept &= desk.told(f"{kind}: {given.shops} shops against one", spent[1] / spent[0], GOAL, "times")
    return 0 if kept else 1


def place(url: str, cases: int, shops: int) -> desk.Place:
    """The desk with so many shops of so many cases, filled when it is not there yet."""
    first, here = search.indexed(url, cases), desk.named(url, f"{shops}x{cases}")
    if (here.folder / "filled").exists():
        here.run("-m", "django", "migrate", "-v0")
        return here
    desk.overwrite(here, first, url)
    (here.folder / "filled").unlink()
    said = here.run("-c", f"from bench import shops_filling; shops_filling.fill({shops}, {QUERIES})")
    print(said, flush=True)
    here.run("-c", "from bench import desk_filling; desk_filling.settle()")
    (here.folder / "filled").touch()
    return here


def _doors(here: desk.Place, port: int, count: int) -> list[Door]:
    code = f"import json; from bench import shops_filling as f; print(json.dumps(f.doors({count})))"
    doors = []
    for found in json.loads(here.run("-c", code).strip().splitlines()[-1]):
        browser, at = Browser(port), f"/s/{found['slug']}"
        browser.cookies["sessionid"] = found["session"]
        pages = {
            "inbox": [f"{at}/inbox/{view}" for view in ("all", "open", "closed", "mine")],
            "case": [f"{at}/c/{number}" for number in found["numbers"]],
            "search": [f"{at}/search?q={quote(each)}" for each in QUERIES],
            "customer": [f"{at}/customers/{number}" for number in found["customers"]],
        }
        doors.append(Door(browser, pages))
    return doors


def _by_turns(sides: list[tuple[desk.Server, list[Door]]], kind: str, times: int) -> list[float]:
    """CPU-ms a page of each side: so many in ROUNDS portions after a first one that is not counted."""
    each, spent = max(1, times // ROUNDS), [0.0, 0.0]
    for turn in range(ROUNDS + 1):
        for number, (server, doors) in enumerate(sides):
            before = server.cpu_ms()
            for place in range(turn * each, (turn + 1) * each):
                door = doors[place % len(doors)]
                paths = door.pages[kind]
                path = paths[place // len(doors) % len(paths)]
                status, _page = door.browser.get(path)
                if status != 200:
                    raise RuntimeError(f"{path}: {status}")
            if turn:
                spent[number] += server.cpu_ms() - before
    return [used / (each * ROUNDS) for used in spent]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="postgres:///name; databases of its own beside it are used.")
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--cases", type=int, default=10_000, help="Of each shop.")
    parser.add_argument("--times", type=int, default=300, help="Pages of each kind, of each desk.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
