"""How both pages grow from 10,000 to 1,000,000 cases: goal 1.2 times at most.

The desks of 10,000 and 100,000 cases are filled by import-cases; the one of a million by copying the rows of the
100,000 inside the database, as an import of a million would take an hour.
"""

import json
import sys

from bench import desk

SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    given = desk.options(__doc__)
    found = {size: cost(given.database, size, given.times) for size in SIZES}
    kept = True
    for page in ("inbox", "case"):
        first = found[SIZES[0]][page]
        for size in SIZES[1:]:
            kept &= desk.told(f"{page}: {size:,} against {SIZES[0]:,} cases", found[size][page] / first, 1.2, "times")
    return 0 if kept else 1


def cost(url: str, size: int, times: int) -> dict[str, float]:
    """CPU-ms of the inbox (three views) and the case page at that size."""
    here = desk.place(url, size)
    code = "from bench import desk_filling; print(desk_filling.case_numbers(100))"
    numbers = json.loads(here.run("-c", code).strip().splitlines()[-1])
    views = [f"/s/{desk.SLUG}/inbox/{view}" for view in ("all", "open", "closed")]
    with desk.served(here) as server:
        server.sign_in()
        inbox = desk.measure(server, lambda turn: server.get(views[turn % 3]), times=times)
        case = desk.measure(
            server, lambda turn: server.get(f"/s/{desk.SLUG}/c/{numbers[turn % len(numbers)]}"), times=times
        )
    print(f"{here.name}, {size:>9,} cases: inbox {inbox.cpu_ms:6.2f}, case {case.cpu_ms:6.2f} CPU-ms", flush=True)
    return {"inbox": inbox.cpu_ms, "case": case.cpu_ms}


if __name__ == "__main__":
    sys.exit(main())
