"""Whom no mail reaches: on which way they are told, and where a letter goes."""

from __future__ import annotations

from collections.abc import Iterable

from anshin.commerce.terms import Recipient
from anshin.language.folding import fold
from anshin.safety.terms import Standing


def way_of(*, has_phone: bool, has_place: bool) -> Standing:
    """A call is heard today and answered at once, so it goes before a letter."""
    if has_phone:
        return Standing.BY_PHONE
    return Standing.BY_LETTER if has_place else Standing.UNREACHABLE


def place_for(name: str, own: Iterable[Recipient], gifts: Iterable[Recipient], known: Iterable[Recipient]) -> Recipient:
    """Where a letter to this buyer goes; one without lines when no place is known.

    `own`, `gifts`: where affected orders went, to themselves or to somebody else; `known`: all places of the customer,
    each the newest first. A place under the buyer's own name is best; where only that of a gift is known, the letter
    goes to whoever has the thing, under their name.
    """
    mine, others = list(own), [*gifts, *known]
    named = [each for each in (*mine, *others) if each.lines and _same(each.name, name)]
    for each in (*named, *mine, *others):
        if each.lines:
            return Recipient(each.name or name, each.postcode, each.lines)
    return Recipient(name)


def _same(one: str, other: str) -> bool:
    return bool(one) and "".join(fold(one).split()) == "".join(fold(other).split())
