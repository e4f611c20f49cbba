"""Whether the door's answers take as long for an order that exists as for one that does not: ms, asked by turns.

200 requests each for a code (number and address of an order, or of none), and 200 wrong codes each after that, by
turns on one connection; quarter points, and how surely the two can be told apart: the share of pairs in which the
existing order's answer was the slower one (0.5: not at all). Not in the figures' list of promises; needs what
`bench portal` has filled.

./anshin bench door [--database postgres:///x] [--cases 2000]
"""

from __future__ import annotations

import sys
import time
from statistics import quantiles

from bench import desk
from bench.portal import portal_place

PER_KIND = 200
WORST_SHARE = 0.6  # of 200 pairs of equal kinds 0.43 to 0.57 is what chance does in 19 of 20 runs


def main() -> int:
    given = desk.options(__doc__)
    here, kept = portal_place(given.database, given.cases), True
    here.run("-c", "from bench import portal_filling; portal_filling.forget_codes()")
    with desk.served(here, port=desk.free_port(), worker=False, ANSHIN_PROXIES="1") as server:
        handles = {"exists": [], "missing": []}  # type: dict[str, list[str]]
        waits = {"exists": [], "missing": []}  # type: dict[str, list[float]]
        server.get(f"/p/{desk.SLUG}/")  # the form's token
        for turn in range(-20, PER_KIND):
            for kind in _order(turn):
                waited, handle = _asked(server, turn, kind)
                if turn >= 0:
                    waits[kind].append(waited)
                    handles[kind].append(handle)
        kept &= _told("asking for a code", waits, here.name)
        here.run("-c", "from bench import portal_filling; portal_filling.make_codes()")
        waits = {kind: [] for kind in waits}
        server.line.close()  # which the server may have given up meanwhile
        for turn in range(PER_KIND):
            for kind in _order(turn):
                server.cookies["anshin_code"] = handles[kind][turn]
                waits[kind].append(_timed(server, f"/p/{desk.SLUG}/code", {"code": "00000x"}, turn, 422))
        kept &= _told("a wrong code", waits, here.name)
    return 0 if kept else 1


def _order(turn: int) -> tuple[str, str]:
    return ("exists", "missing") if turn % 2 else ("missing", "exists")


def _asked(server: desk.Server, turn: int, kind: str) -> tuple[float, str]:
    """What asking took, and the word for the code; each order, address and visitor asks once, so no limit is met."""
    number = turn + 21
    told = {
        "exists": {"number": f"KM-{number:05}", "contact": f"buyer{number}@mail.example"},
        "missing": {"number": f"KM-{number + 70_000:05}", "contact": f"nobody{number}@mail.example"},
    }[kind]
    server.cookies.pop("anshin_code", None)
    waited = _timed(server, f"/p/{desk.SLUG}/", told, turn + (500 if kind == "missing" else 0), 302)
    return waited, server.cookies["anshin_code"]


def _timed(server: desk.Server, path: str, told: dict[str, str], visitor: int, status: int) -> float:
    began = time.perf_counter()
    answered, _page = server.post(path, told, **{"X-Forwarded-For": f"203.{visitor % 250}.{visitor // 250 + 1}.9"})
    waited = (time.perf_counter() - began) * 1000
    if answered != status:
        raise RuntimeError(f"{path}: {answered}")
    return waited


def _told(what: str, waits: dict[str, list[float]], database: str) -> bool:
    for kind, row in waits.items():
        first, middle, third = quantiles(row, n=4)
        print(f"{what}, {kind} ({database}): {first:.2f}, {middle:.2f}, {third:.2f} ms (quarter points)")
    pairs = list(zip(waits["exists"], waits["missing"], strict=True))
    share = sum(mine > other for mine, other in pairs) / len(pairs)
    print(f"{what}: the existing one slower in {share:.3f} of pairs")
    return desk.told(f"{what}: further from 0.5 than", abs(share - 0.5), WORST_SHARE - 0.5, "of pairs")


if __name__ == "__main__":
    sys.exit(main())
