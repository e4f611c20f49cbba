"""Whether a product of the shop may be the one that a publisher names, why, and how sure that is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from anshin.safety.rules import products
from anshin.safety.terms import Affected, MatchReason

_SHORTEST: Final = 3
_CERTAINTY: Final = {
    MatchReason.GTIN: 100,
    MatchReason.SKU: 95,
    MatchReason.MODEL: 85,
    MatchReason.NAME: 50,
}
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ーｰ_・./「」『』()（）]+")


@dataclass(frozen=True, slots=True)
class Sold:
    """A product as the shop keeps it."""

    sku: str
    name: str
    gtin: str = ""
    model_number: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why it may be the product; `certainty` in percent."""

    reason: MatchReason
    certainty: int


def folded(told: str) -> str:
    """Without width, case, spaces, hyphens and brackets: ＫＺ－２０ and kz20 are one model number."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", told).casefold())


def likeness(named: Affected, sold: Sold) -> Likeness | None:
    """The surest reason; None when nothing speaks for it. A model number also counts where it stands in the name."""
    for reason, is_so in (
        (MatchReason.GTIN, _same_gtin(named.gtin, sold.gtin)),
        (MatchReason.SKU, _same(named.sku, sold.sku)),
        (MatchReason.MODEL, _same_model(named.model_number, sold)),
        (MatchReason.NAME, _similar(named.name, sold.name)),
    ):
        if is_so:
            return Likeness(reason, _CERTAINTY[reason])
    return None


def _same_gtin(one: str, other: str) -> bool:
    return bool(one and other) and products.gtin(one) == products.gtin(other)


def _same(one: str, other: str) -> bool:
    return bool(folded(one)) and folded(one) == folded(other)


def _same_model(model: str, sold: Sold) -> bool:
    wanted = folded(model)
    if not wanted:
        return False
    if wanted == folded(sold.model_number):
        return True
    return len(wanted) >= _SHORTEST and _stands_in(wanted, folded(sold.name))


def _stands_in(model: str, name: str) -> bool:
    """KZ20 stands in しずくkz20, not in kz200."""
    edge = r"(?<![a-z0-9])" if model[0].isalnum() else ""
    return re.search(f"{edge}{re.escape(model)}(?![a-z0-9])", name) is not None


def _similar(one: str, other: str) -> bool:
    short, long = sorted((folded(one), folded(other)), key=len)
    return len(short) >= _SHORTEST and short in long
