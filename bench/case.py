"""What a case's page costs: CPU-ms of all processes a request, and queries. Goal: 10 and 12.

Whole pages and the fragment that a click in the list asks for, over 100 different cases of three or four messages.
"""

import json
import sys

from bench import desk


def main() -> int:
    given = desk.options(__doc__)
    here = desk.place(given.database, given.cases)
    code = "from bench import desk_filling; print(desk_filling.case_numbers(100))"
    numbers = json.loads(here.run("-c", code).strip().splitlines()[-1])
    kept = True
    with desk.served(here) as server:
        server.sign_in()
        for what, headers in {"whole page": {}, "fragment": {"HX-Request": "true"}}.items():

            def ask(turn: int, headers: dict[str, str] = headers) -> None:
                status, page = server.get(f"/s/{desk.SLUG}/c/{numbers[turn % len(numbers)]}", **headers)
                if status != 200 or "entry" not in page:
                    raise RuntimeError(f"{numbers[turn % len(numbers)]}: {status}")

            cost = desk.measure(server, ask, times=given.times)
            label = f"case, {what} ({here.name}, {given.cases:,})"
            kept &= desk.told_cost(label, cost, 10)
        queries = server.query_count(f"/s/{desk.SLUG}/c/{numbers[7]}")
        kept &= desk.told(f"case ({here.name}, {given.cases:,})", queries, 12, "queries")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
