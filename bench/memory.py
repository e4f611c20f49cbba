"""Idle memory of `anshin serve` with its worker inside: goal 250 MiB (proportional set size of all its processes).

Measured after the desk has shown a hundred pages and has then been left alone.
"""

import sys
import time

from bench import desk


def main() -> int:
    given = desk.options(__doc__)
    here = desk.place(given.database, given.cases)
    with desk.served(here) as server:
        server.sign_in()
        fresh = server.memory_mib()
        for _turn in range(50):
            server.get(f"/s/{desk.SLUG}/inbox/all")
            server.get(f"/s/{desk.SLUG}/inbox/open")
        time.sleep(5)
        used = server.memory_mib()
    print(f"{'just started':44} {fresh:9.1f} MiB")
    return 0 if desk.told(f"after a hundred pages, idle ({here.name})", used, 250, "MiB") else 1


if __name__ == "__main__":
    sys.exit(main())
