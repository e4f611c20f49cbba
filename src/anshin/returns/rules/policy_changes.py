"""What differs between two versions, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from anshin.returns.rules.policy_clauses import articles
from anshin.returns.rules.policy_content import PolicyContent


@dataclass(frozen=True, slots=True)
class Change:
    """One clause that differs. `before`, `after`: its text, "" where the version has no such clause."""

    title: str
    before: str
    after: str


def changes(before: PolicyContent, after: PolicyContent, language: str = "ja") -> list[Change]:
    """What a reader of both would see: clauses that are new, gone or otherwise worded, in the order of the text."""
    old, new = _by_meaning(before, language), _by_meaning(after, language)
    codes = [*new, *(code for code in old if code not in new)]
    found = []
    for code in codes:
        title, text = new.get(code, ("", ""))
        former_title, former = old.get(code, ("", ""))
        if text != former:
            found.append(Change(title or former_title, former, text))
    return found


def _by_meaning(content: PolicyContent, language: str) -> dict[str, tuple[str, str]]:
    """Title and text of each clause; the own terms of goods by the goods, wherever they stand."""
    found = {}
    for article in articles(content, language):
        for paragraph in article.paragraphs:
            code = paragraph.code
            if article.code == "own":
                own = content.overrides[int(code.partition(".")[2])]
                code = f"own.{own.kind}.{own.value}"
            found[code] = (article.title, paragraph.text)
    return found
