"""A return label after the first: goal 5 ms. CPU time of one thread, every label with its own names and numbers.

./anshin bench labels [how many]
"""

import random
import resource
import sys
import time
from datetime import date
from statistics import median

from anshin.commerce.terms import Recipient
from anshin.connectors.papers.adapter import PrintedLabels
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.terms import LabelPaper, Payer

SHOP = Recipient("こもれび雑貨店 返品係", "180-0004", "東京都武蔵野市吉祥寺本町99-1-1 こもれびビル3階", "0422-00-0000")
CHARACTERS = "東京都武蔵野市吉祥寺本町渋谷区神宮前大阪府北中央名古屋緑港横浜西新川田山上下木村井小高橋佐藤鈴"
GOAL_MS = 5.0


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    chance, printer, spent = random.Random(1), PrintedLabels(), []
    for number in range(count + 1):
        facts = _facts(number, chance)
        before = time.process_time()
        printer.pdf([facts], paper=LabelPaper.A6)
        spent.append((time.process_time() - before) * 1000)
    first, others = spent[0], spent[1:]
    print(f"first label                    {first:8.1f} ms")
    print(f"each after it, median          {median(others):8.2f} ms  (goal {GOAL_MS} ms)")
    print(f"each after it, slowest of 20   {sorted(others)[-1 - count // 20]:8.2f} ms")
    print(f"memory at most                 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:8d} MB")
    return 0 if median(others) <= GOAL_MS else 1


def _facts(number: int, chance: random.Random) -> LabelFacts:
    def word(length: int) -> str:
        return "".join(chance.choice(CHARACTERS) for _ in range(length))

    sender = Recipient(
        word(5), f"{number % 900 + 100}-0001", f"{word(18)}{number}-2-3", f"080-0000-{number % 10**4:04d}"
    )
    return LabelFacts(
        number=f"R-{number:04d}",
        order_number=f"KM-{number + 20_000}",
        return_to=SHOP,
        sender=sender,
        lines=(LabelLine(word(9), 1, word(3)), LabelLine(word(7), 2)),
        payer=Payer.SHOP,
        fee_yen=990,
        send_by=date(2026, 12, 10),
    )


if __name__ == "__main__":
    raise SystemExit(main())
