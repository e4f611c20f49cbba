"""Compares an imported desk with the truth beside the mails: mail_truth.py truth.jsonl, in the desk's environment.

Prints how many mails are missing, doubled, or have a wrong subject, text or file name, as JSON. Line ends and spaces do
not count, since HTML has its own.
"""

import json
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any


def compare(truth: Path) -> dict[str, int]:
    import django

    django.setup()
    from anshin.cases.models import Message
    from anshin.channels.email.models import Arrival

    wrong: Counter[str] = Counter({"missing": 0, "doubled": 0, "subject": 0, "text": 0, "names": 0})
    count = 0
    with truth.open() as lines:
        while portion := [json.loads(line) for line in islice(lines, 500)]:
            count += len(portion)
            rows = Message.objects.filter(message_key__in=[said["key"] for said in portion])
            found = {row.message_key: row for row in rows.prefetch_related("attachments")}
            for said in portion:
                _look(found.get(said["key"]), said, wrong)
    wrong["doubled"] = max(0, Message.objects.count() - count) + max(0, Arrival.objects.count() - count)
    return dict(wrong)


def _look(row: Any, said: dict[str, Any], wrong: Counter[str]) -> None:
    if row is None:
        wrong["missing"] += 1
        return
    for what, shown, true in (
        ("subject", row.subject, said["subject"]),
        ("text", " ".join(row.text.split()), said["text"]),
        ("names", [file.name for file in sorted(row.attachments.all(), key=lambda each: each.pk)], said["names"]),
    ):
        if shown != true:
            wrong[what] += 1
            if wrong[what] <= 3:
                print(f"{said['key']}: {what} is {shown!r}, should be {true!r}", file=sys.stderr)


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]))))
