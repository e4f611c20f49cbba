"""What a query means: boolean expressions over tokens, and what must be looked up in the text besides.

A term is met by its phrase or by its words. Words, and phrases of one token, are decided by the index. A longer phrase
needs its tokens and then a look whether they stand side by side. So a query has two halves that share no document:

    certain     decided by the index alone: every term by its words (or its one token)
    in doubt    whatever else has the tokens, each looked at

Nearly all hits are certain, and looking is what costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from anshin.plumbing.search.grams import tokens_of_phrase
from anshin.plumbing.search.hashing import hashes, word_hashes
from anshin.plumbing.search.terms import Part, Scope, Term

Expression = Any
"""A token, or ("and" | "or" | "not", [expressions]); None for what nothing can meet."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a document in doubt must have in its text: `phrase` or else all of `words`; or must not have."""

    phrase: str
    words: tuple[str, ...] = ()
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Halves:
    """A query as the index is asked."""

    certain: Expression
    in_doubt: Expression
    looks: list[Look] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Term:
    by_index: Expression  # met for certain
    by_look: Expression  # met if the look agrees
    look: Look | None


def is_searchable(term: Term) -> bool:
    """Whether the index has anything to find it by; a single kana has not."""
    return bool(term.words or tokens_of_phrase(term.phrase)[0])


def halves(terms: Sequence[Term], scope: Scope, parts: Sequence[Part]) -> Halves:
    """The query's halves in these parts. At least one term must ask for something."""
    wanted = [_term(term, scope, parts) for term in terms if not term.is_excluded]
    unwanted = [_term(term, scope, parts) for term in terms if term.is_excluded]
    surely = _all([term.by_index for term in wanted])
    perhaps = _all([_any([term.by_index, term.by_look]) for term in wanted])
    surely_not = _any([term.by_index for term in unwanted])
    perhaps_not = _any([part for term in unwanted for part in (term.by_index, term.by_look)])
    certain = _without(surely, perhaps_not)
    looks = [term.look for term in [*wanted, *unwanted] if term.look]
    if not looks:
        return Halves(certain, None)
    return Halves(certain, _without(_without(perhaps, surely_not), certain), looks)


def _term(term: Term, scope: Scope, parts: Sequence[Part]) -> _Term:
    tokens, is_certain = tokens_of_phrase(term.phrase)
    somewhere = partial(_somewhere, scope, parts)
    by_letters = _all([somewhere(token) for token in tokens])
    by_words = _all([_word(word, scope, parts) for word in term.words])
    if is_certain or not tokens:
        return _Term(_any([by_letters, by_words]), None, None)
    if term.words and all(len(word) <= 2 and word in term.phrase for word in term.words):
        return _Term(by_words, None, None)  # 領収書 has 領収 and 書: no text with the phrase is without its words
    return _Term(by_words, by_letters, Look(term.phrase, term.words, term.is_excluded))


def _word(word: str, scope: Scope, parts: Sequence[Part]) -> Expression:
    """A word of the dictionary; a short one also by its letters: where it is so written only these are indexed."""
    kept = _any([word_hashes(scope.shop_id, area, part)[word] for area in scope.areas for part in parts])
    tokens, is_certain = tokens_of_phrase(word)
    return _any([kept, _somewhere(scope, parts, tokens[0])]) if is_certain and len(word) <= 2 else kept


def _somewhere(scope: Scope, parts: Sequence[Part], token: str) -> Expression:
    return _any([hashes(scope.shop_id, area, part)[token] for area in scope.areas for part in parts])


def _all(expressions: list[Expression]) -> Expression:
    """None when one of them cannot be met, or when there are none."""
    if not expressions or None in expressions:
        return None
    return expressions[0] if len(expressions) == 1 else ("and", expressions)


def _any(expressions: list[Expression]) -> Expression:
    found: list[Expression] = []
    for each in expressions:
        members = each[1] if isinstance(each, tuple) and each[0] == "or" else [each]
        found += [member for member in members if member is not None and member not in found]
    if not found:
        return None
    return found[0] if len(found) == 1 else ("or", found)


def _without(expression: Expression, unwanted: Expression) -> Expression:
    if expression is None or unwanted is None:
        return expression
    return ("not", [expression, unwanted])
