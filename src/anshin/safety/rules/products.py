"""Whether a product as its publisher names it makes sense: GTINs, lots, days."""

from __future__ import annotations

import unicodedata

from anshin.safety.terms import Affected, ProductTrouble

_LENGTHS = frozenset({8, 12, 13, 14})


def gtin(told: str) -> str:
    """The digits of a GTIN as 14, with leading zeros, so that JAN, UPC and EAN of one thing are equal; "" for none."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", told) if c.isdecimal())
    return digits.zfill(14) if digits else ""


def is_gtin(told: str) -> bool:
    """Whether length and check digit are those of a GTIN-8, -12, -13 or -14.

    Source: GS1 General Specifications, 7.9.1 (weights 3 and 1 from the right, modulo 10).
    """
    digits = "".join(c for c in unicodedata.normalize("NFKC", told) if c.isdecimal())
    if len(digits) not in _LENGTHS:
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def code(asked: str) -> str:
    """How a product page's own number is compared: full width, case and spaces at the ends do not count; a GTIN is
    told by its 14 digits."""
    folded = unicodedata.normalize("NFKC", asked).strip().casefold()
    return gtin(folded) if is_gtin(folded) and folded.isdecimal() else folded


def codes(*, sku: str, gtin_told: str) -> tuple[str, ...]:
    """Under which a product may be asked for."""
    return tuple(code(each) for each in (sku, gtin_told) if each.strip())


def trouble_with(product: Affected) -> ProductTrouble | None:
    """What a person has to correct; None when all is well."""
    if not any(each.strip() for each in (product.name, product.gtin, product.sku, product.model_number)):
        return ProductTrouble.NAMELESS
    if product.gtin.strip() and not is_gtin(product.gtin):
        return ProductTrouble.GTIN
    if product.sold_from and product.sold_to and product.sold_to < product.sold_from:
        return ProductTrouble.DAYS
    if any(not (start.strip() and end.strip()) for start, end in product.lots):
        return ProductTrouble.LOTS
    return None
