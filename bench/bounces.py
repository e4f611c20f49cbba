"""How often a returned mail is read rightly: whose it is, why it came back, and whether for good. Goal: 0.95 each.

Three sets: the golden mails, which the rules were made with; `bounces_unseen_first`, 60 reports written before its
misses were looked at and mended; `bounces_unseen_second`, 60 more by another hand, which no rule was changed for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.reader import parse

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "plumbing" / "mail" / "bounces"
DATA = ROOT / "bench" / "data"
UNSEEN = ("bounces_unseen_first", "bounces_unseen_second")
GOAL = 0.95
Expected = tuple[str, str, bool]
"""Address, kind, whether the server gave up."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="Name what was read wrongly, of all sets but the second.")
    given = parser.parse_args()
    fine = told("golden", golden(), show=given.misses)
    for name in UNSEEN:
        fine &= told(name, unseen(name), show=given.misses and name != UNSEEN[-1])
    return 0 if fine else 1


def told(label: str, cases: Iterator[tuple[str, bytes, list[Expected]]], *, show: bool) -> bool:
    """Print the set's shares; whether the goal is kept."""
    count: Counter[str] = Counter()
    for name, raw, expected in cases:
        found = [(one.failed_address, str(one.kind), one.given_up) for one in read_bounces(parse(raw))]
        count["all"] += 1
        count["right"] += found == expected
        count["unknown"] += found != expected and bool(found) and all(kind == "unknown" for _at, kind, _up in found)
        if show and found != expected:
            print(f"  {name}: {found} instead of {expected}")
    share = count["right"] / count["all"]
    print(f"{label:24} {count['right']:4} of {count['all']:4} right: {share:.2f} (goal {GOAL}); "
          f"{count['unknown']} of the others shown as the server's own words")  # fmt: skip
    return share >= GOAL


def golden() -> Iterator[tuple[str, bytes, list[Expected]]]:
    for path in sorted(GOLDEN.glob("*.json")):
        bounces = json.loads(path.read_text(encoding="utf-8"))["bounces"]
        expected = [(one["address"], one["kind"], one["given_up"]) for one in bounces]
        yield path.stem, path.with_suffix(".eml").read_bytes(), expected


def unseen(name: str) -> Iterator[tuple[str, bytes, list[Expected]]]:
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["name"], mail_of(row), [(row["address"], row["kind"], row["given_up"])]


def mail_of(row: dict[str, Any]) -> bytes:
    """The report as a mail: its words, the machine's part where there is one, and the head of ours that came back."""
    headers = {"Return-Path": "<>", "From": row["from"], "To": "support@komorebi.example"}
    headers |= {"Subject": row["subject"], "Date": "Wed, 25 Nov 2026 18:21:40 +0900"}
    headers |= {"Message-ID": f"<{row['name']}@reports.example>", "MIME-Version": "1.0"} | row.get("headers", {})
    words = _part("text/plain; charset=utf-8", row["text"] + "\n")
    if row["report"]:
        headers["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="report"'
        returned = (
            f"From: support@komorebi.example\nTo: {row['address']}\nMessage-ID: <{row['name']}@komorebi.example>\n"
        )
        parts = [words, _part("message/delivery-status", row["report"]), _part("text/rfc822-headers", returned)]
        words = "\n" + "".join(f"--report\n{part}\n" for part in parts) + "--report--\n"
    return ("".join(f"{name}: {value}\n" for name, value in headers.items()) + words).encode()


def _part(kind: str, content: str) -> str:
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{content}"


if __name__ == "__main__":
    sys.exit(main())
