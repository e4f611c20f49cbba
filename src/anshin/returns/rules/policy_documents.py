"""Every text that tells customers of the policy, made from the one content: law page, help, portal, order mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from anshin.returns.rules.policy_clauses import Article, articles
from anshin.returns.rules.policy_content import SKU, TAG, PolicyContent
from anshin.returns.rules.policy_sentences import sentences

KINDS = ("law", "full", "help", "portal", "order")
ONLY_JAPANESE = frozenset({"law"})
_LAW_ORDER = ("fault", "mind", "excluded", "own", "steps")
_HELP_ORDER = ("mind", "excluded", "fault", "own", "steps")
_PORTAL = ("mind.period", "mind.conditions", "mind.postage", "fault.defect")
_ORDER = ("mind.period", "fault.defect")


@dataclass(frozen=True, slots=True)
class Document:
    """A finished text. `kind` of KINDS."""

    kind: str
    language: str
    title: str
    text: str


def document(content: PolicyContent, kind: str, *, label: str, language: str = "ja") -> Document:
    """One text. `label` is the version's name in that language, "" for a draft. Raises KeyError for another kind."""
    written = "ja" if kind in ONLY_JAPANESE else language
    say = sentences(written)
    parts = {article.code: article for article in articles(content, written)}
    body = {
        "law": lambda: _headed(parts, _LAW_ORDER, {code: parts[code].title for code in parts}),
        "full": lambda: _numbered(list(parts.values())),
        "help": lambda: _headed(parts, _HELP_ORDER, {code: say.say("questions", code) for code in _HELP_ORDER}),
        "portal": lambda: _listed(parts, _PORTAL),
        "order": lambda: _listed(parts, _ORDER),
    }[kind]()
    return Document(kind, written, say.say("documents", kind), f"{body}\n\n{label}" if label else body)


def order_summary(
    content: PolicyContent, *, label: str, tags: Collection[str], skus: Collection[str], language: str = "ja"
) -> str:
    """The few lines for an order confirmation; what the goods in it have of their own comes first."""
    say = sentences(language)
    parts = {article.code: article for article in articles(content, language)}
    own = [
        f"own.{place}"
        for place, each in enumerate(content.overrides)
        if (each.kind == TAG and each.value in tags) or (each.kind == SKU and each.value in skus)
    ]
    excluded = ["excluded.goods"] if set(tags) & set(content.excluded_tags) else []
    body = _listed(parts, [*own, *excluded, *_ORDER])
    return "\n".join([say.say("documents", "order"), body, label] if label else [say.say("documents", "order"), body])


def _headed(parts: dict[str, Article], order: Collection[str], titles: dict[str, str]) -> str:
    blocks = [
        "\n".join([f"■ {titles[code]}", *(each.text for each in parts[code].paragraphs)])
        for code in order
        if code in parts
    ]
    return "\n\n".join(blocks)


def _numbered(written: list[Article]) -> str:
    return "\n\n".join(
        "\n".join(
            [f"{article.number} {article.title}", *(_line(article, place) for place in range(len(article.paragraphs)))]
        )
        for article in written
    )


def _line(article: Article, place: int) -> str:
    text = article.paragraphs[place].text
    return f"{place + 1}. {text}" if len(article.paragraphs) > 1 else text


def _listed(parts: dict[str, Article], codes: Collection[str]) -> str:
    by_code = {each.code: each.text for article in parts.values() for each in article.paragraphs}
    return "\n".join(f"・{by_code[code]}" for code in codes if code in by_code)
