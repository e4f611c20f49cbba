"""The examples of topics, line by line: the form that the training reads, and no message twice."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import anshin.language

FOLDER = Path(anshin.language.__file__).parent / "topics" / "examples"
FILES = sorted(FOLDER.glob("*.jsonl"))
GROUPS = {
    "order": "status change cancel not_mine",
    "delivery": "late_or_missing options international damaged",
    "item": "wrong defect not_as_pictured injury",
    "return": "how exchange refund_status",
    "payment": "problem reminder_reply receipt",
    "account": "password locked phishing",
    "product": "info stock",
    "subscription": "change cancel",
    "privacy": "third_party",
    "campaign": "sns",
}
CODES = {f"{group}.{name}" for group, names in GROUPS.items() for name in names.split()} | {"other"}
KINDS = {"injury", "fire", "gas", "gift_date", "takeover", "legal", "promised_today"}
NEEDS_A_DAY = {"gift_date", "promised_today"}
SHORT = 6  # two people may well write the same few words
KEYS = {"topics", "lang", "subject", "text", "urgent", "urgent_kind", "sent"}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def five_characters(text: str) -> set[str]:
    packed = "".join(text.split())
    return {packed[at : at + 5] for at in range(max(1, len(packed) - 4))}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_has_the_form(path: Path) -> None:
    for number, row in enumerate(rows(path), 1):
        where = f"{path.name}:{number}"
        assert set(row) <= KEYS and {"topics", "lang", "text"} <= set(row), where
        assert row["topics"] and len(row["topics"]) == len(set(row["topics"])) and set(row["topics"]) <= CODES, where
        assert row["text"].strip(), where
        assert bool(row.get("urgent")) == bool(row.get("urgent_kind")), where
        assert row.get("urgent_kind") in {None, ""} | KINDS, where
        assert not row.get("sent") or date.fromisoformat(row["sent"]), where
        assert row.get("urgent_kind") not in NEEDS_A_DAY or row.get("sent"), where


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_author_is_described_and_writes_one_language(path: Path) -> None:
    author = json.loads(path.with_suffix(".author.json").read_text(encoding="utf-8"))
    assert set(author) == {"key", "lang", "style"}
    assert author["key"] == path.stem
    assert {row["lang"] for row in rows(path)} == {author["lang"]}


def test_no_message_is_nearly_another() -> None:
    seen: dict[str, list[int]] = {}
    texts: list[tuple[str, set[str]]] = []
    for path in FILES:
        for row in rows(path):
            grams = five_characters(row["text"])
            shared = Counter(other for gram in grams for other in seen.get(gram, ()))
            near = [texts[o][0] for o, n in shared.items() if n > max(SHORT, 0.5 * max(len(grams), len(texts[o][1])))]
            assert not near, (row["text"], near)
            for gram in grams:
                seen.setdefault(gram, []).append(len(texts))
            texts.append((row["text"], grams))
