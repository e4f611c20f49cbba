"""How long a file of 1,000 transfers for the bank takes: python bench/transfer_file.py

Prints the median and the slowest of twenty files, in milliseconds of CPU.
Measured 2026-11-26 on two cores that other processes wanted, too: 11.1 ms, slowest 12.0 ms (the bar is 1 s).
"""

import os
import statistics
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINES, TURNS = 1_000, 20


def main() -> None:
    """Milliseconds of CPU for one file, the median of several."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
    os.environ.setdefault("ANSHIN_MODE", "development")
    import django

    django.setup()
    from anshin.commerce.ports import Debtor, Transfer
    from anshin.commerce.terms import AccountKind
    from anshin.connectors.bank_files.adapter import ZenginFiles

    debtor = Debtor("1234567890", "ｶ)ｺﾓﾚﾋﾞ", "0001", "ミズホ", "001", "トウキヨウ", AccountKind.ORDINARY, "0123456")
    transfers = [
        Transfer(
            line, "9900", "ユウチヨ", "018", "ゼロイチハチ", AccountKind.ORDINARY, "1234567", "ｶｼﾜｷﾞ ﾕｷｺ", 8_680 + line
        )
        for line in range(1, LINES + 1)
    ]
    taken = []
    for _turn in range(TURNS):
        begun = time.process_time()
        content = ZenginFiles().write(debtor, transfers, transfer_on=date(2026, 12, 4), has_line_ends=True)
        taken.append((time.process_time() - begun) * 1000)
    print(f"{LINES} transfers, {len(content)} bytes: {statistics.median(taken):.1f} ms (slowest {max(taken):.1f} ms)")


if __name__ == "__main__":
    main()
