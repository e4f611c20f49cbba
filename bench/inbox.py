"""What one page of the inbox costs: CPU-ms of all processes a request, and queries. Goal: 8 and 8, with 50 rows."""

import sys

from bench import desk

VIEWS = {"all": "newest of all cases", "open": "waiting for us, due first", "closed": "closed"}


def main() -> int:
    given = desk.options(__doc__)
    here = desk.place(given.database, given.cases)
    kept = True
    with desk.served(here) as server:
        server.sign_in()
        for view, what in VIEWS.items():
            path = f"/s/{desk.SLUG}/inbox/{view}"
            status, page = server.get(path)
            rows = page.count('<li class="row')
            if status != 200 or rows != 50:
                raise RuntimeError(f"{path}: {status} with {rows} rows")
            cost = desk.measure(server, lambda _turn, path=path: server.get(path), times=given.times)
            label = f"inbox, {what} ({here.name}, {given.cases:,})"
            kept &= desk.told_cost(label, cost, 8)
            kept &= desk.told(label, server.query_count(path), 8, "queries")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
