"""From `anshin serve` to the first page, when set up: goal 2.5 seconds. Wall time and CPU time, median of five."""

import sys
from statistics import median

from bench import desk


def main() -> int:
    given = desk.options(__doc__)
    here = desk.place(given.database, 0)
    walls, cpus = [], []
    for _turn in range(5):
        with desk.served(here) as server:
            walls.append(server.seconds_to_first_page)
            cpus.append(server.cpu_ms() / 1000)
    print(f"{'CPU time of it':44} {median(cpus):9.2f} s")
    return 0 if desk.told(f"start to first page ({here.name})", median(walls), 2.5, "s") else 1


if __name__ == "__main__":
    sys.exit(main())
