"""The examples from which the classifier learns: JSON Lines, one file an author; for training and measuring."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from anshin.language.topics.features import recipe

FOLDER: Final = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """A message with its right answers. `topics` in order of weight; `author` names a hand, not a person."""

    topics: tuple[str, ...]
    language: str
    subject: str
    text: str
    is_urgent: bool = False
    urgent_kind: str = ""
    sent_on: date | None = None
    author: str = ""


def read_examples(folder: Path = FOLDER) -> list[Example]:
    """Every example of the folder, in the order of the files' names."""
    return [example for path in example_files(folder) for example in _of_file(path)]


def example_files(folder: Path = FOLDER) -> list[Path]:
    """The example files, by name."""
    return sorted(folder.glob("*.jsonl"))


def digest(folder: Path = FOLDER) -> str:
    """What tells one state of examples and features from another; stands in the model that was made from them."""
    total = hashlib.sha256(recipe().encode())
    for path in example_files(folder):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def from_values(values: Iterable[dict[str, Any]], author: str) -> Iterator[Example]:
    """Examples out of decoded lines."""
    for line in values:
        yield Example(
            topics=tuple(line["topics"]),
            language=line["lang"],
            subject=line.get("subject", ""),
            text=line["text"],
            is_urgent=bool(line.get("urgent")),
            urgent_kind=line.get("urgent_kind") or "",
            sent_on=date.fromisoformat(line["sent"][:10]) if line.get("sent") else None,
            author=line.get("author", author),
        )


def _of_file(path: Path) -> Iterator[Example]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return from_values(lines, path.stem)
