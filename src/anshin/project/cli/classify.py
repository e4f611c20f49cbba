"""The command `anshin classify`: topics, urgency and language of messages, as JSON Lines in and out."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from anshin.project.cli.wording import _, fail

HELP = "Say of messages what they are about, whether they are urgent, and in which language they are."
_MOST_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        help='JSON Lines {"id","subject","text","channel"}, "sent" (a date) where known; default: standard input.',
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, help="The day for messages without “sent” (default: today)."
    )


def run(options: argparse.Namespace) -> int:
    """0, or 1 when a line was no JSON object; such a line is answered by an error with its number."""
    from anshin.plumbing import clock

    today = options.today or clock.now().astimezone(ZoneInfo("Asia/Tokyo")).date()
    if options.file == "-":
        return write(sys.stdin, sys.stdout, today)
    try:
        with Path(options.file).open(encoding="utf-8") as lines:
            return write(lines, sys.stdout, today)
    except OSError as error:
        return fail(
            _("%(file)s cannot be read: %(why)s. Check its name and place."), file=options.file, why=error.strerror
        )


def write(lines: Iterable[str], out: TextIO, today: date) -> int:
    """One answer a line, in order, each written as soon as it is known."""
    failed = 0
    for answer in answers(lines, today):
        failed += "error" in answer
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    out.flush()
    return 1 if failed else 0


def answers(lines: Iterable[str], today: date) -> Iterator[dict[str, Any]]:
    """{"id", "topics": [[code, probability], …], "unsure", "urgent", "urgent_reason", "language"} of each line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            yield _answer(given, today)
        except (ValueError, AttributeError) as wrong:
            yield {"line": number, "error": str(wrong)}


def _answer(given: dict[str, Any], today: date) -> dict[str, Any]:
    from anshin.language.topics.classify import classify
    from anshin.language.topics.urgent_words import reason_ja

    found = classify(str(given.get("subject") or ""), str(given.get("text") or ""), sent_on=_sent_on(given) or today)
    return {
        "id": given.get("id"),
        "topics": [[code, share] for code, share in found.topics[:_MOST_SHOWN]],
        "unsure": not found.proposed,
        "urgent": found.urgency is not None,
        "urgent_kind": found.urgency.kind.value if found.urgency else "",
        "urgent_reason": reason_ja(found.urgency) if found.urgency else "",
        "language": found.language.language,
    }


def _sent_on(given: dict[str, Any]) -> date | None:
    for name in ("sent", "sent_at", "received_at", "date"):
        written = given.get(name)
        if isinstance(written, str):
            try:
                return datetime.fromisoformat(written).date()
            except ValueError:
                continue
    return None
