"""How long `anshin import-cases` takes for 100,000 cases with 307,785 messages: goal 10 minutes.

Fills a desk of its own and removes it afterwards. Wall time counts; CPU time is told beside it,
since the machine may be shared.
"""

import resource
import shutil
import sys
import time

from bench import desk


def main() -> int:
    given = desk.options(__doc__)
    lines = desk.corpus(given.cases)
    here = desk.empty(given.database, f"import-{given.cases}")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        here.run("-m", "anshin.project", "import-cases", str(lines), "--shop", desk.SLUG)
    finally:
        shutil.rmtree(here.folder, ignore_errors=True)
    lasted, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    label = f"import of {given.cases:,} cases ({here.name})"
    print(f"{label:44} {cpu / 60:9.2f} CPU-minutes of our process; largest memory {after.ru_maxrss / 1024:.0f} MiB")
    return 0 if desk.told(label, lasted / 60, 10, "minutes") else 1


if __name__ == "__main__":
    sys.exit(main())
