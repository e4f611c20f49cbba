"""Pages of customers, and what staff do with returns, at many returns: CPU-ms of all processes a request.

Goals: 10 for a customer's page, 15 for a page of returns at the desk; at --cases 100,000 no page costs more than 1.3
times what it costs at 10,000.

./anshin bench portal [--database postgres:///x] [--cases 10000]
"""

import sys

from bench import desk

SEEDS = 200  # returns that are made one by one; the others are copies

STAFF = {
    "returns, list": "/s/{slug}/returns/",
    "returns, to pay": "/s/{slug}/returns/?tab=pay",
    "returns, one": "/s/{slug}/returns/{number}",
    "warehouse, list": "/s/{slug}/warehouse/",
    "warehouse, a scan": "/s/{slug}/warehouse/?q=R-{number:04d}",
    "warehouse, a slip": "/s/{slug}/warehouse/?q=KM-00{seed}",
}


def main() -> int:
    given = desk.options(__doc__)
    here = portal_place(given.database, given.cases)
    kept = True
    with desk.served(here, port=desk.free_port(), worker=False) as server:
        token, *rows = here.run("-c", "from bench import portal_filling as f; print(f.visit())").strip().splitlines()
        kept &= _measured(server, "door", f"/p/{desk.SLUG}/", given)
        server.cookies["anshin_visit"] = token
        for row in rows:
            name, _blank, path = row.rpartition(" ")
            kept &= _measured(server, name, path, given)
        server.sign_in()
        number = given.cases - SEEDS // 2
        for name, path in STAFF.items():
            _measured(server, name, path.format(slug=desk.SLUG, number=number, seed=SEEDS // 2), given, goal=15)
    return 0 if kept else 1


def _measured(server: desk.Server, name: str, path: str, given: object, *, goal: float = 10) -> bool:
    server.line.close()  # which the server may have given up meanwhile
    status, _page = server.get(path)
    if status not in {200, 302}:
        raise RuntimeError(f"{path}: {status}")
    cost = desk.measure(server, lambda _turn: server.get(path), times=given.times, warm_up=20)
    label = f"{name} ({server.here.name}, {given.cases:,})"
    return desk.told(f"{label}, slow x{cost.slowness:.1f}", cost.cpu_ms, goal, "CPU-ms")


def portal_place(url: str, count: int) -> desk.Place:
    here = desk.named(url, f"portal-{count}")
    if not (here.folder / "filled").exists():
        here = desk.empty(url, f"portal-{count}")
        here.run("-c", f"from bench import portal_filling; portal_filling.fill({count // SEEDS})")
        (here.folder / "filled").touch()
    return here


if __name__ == "__main__":
    sys.exit(main())
