"""Which of the shop's products somebody means by a number or by a part of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anshin.commerce.models import Product
from anshin.language.folding import fold
from anshin.language.search_text import plain

if TYPE_CHECKING:
    from anshin.shops.models import Shop

SHORTEST_NUMBER: Final = 4
MOST_LOOKED_AT: Final = 5_000
_SHORTEST_NAME: Final = 4
_BETWEEN: Final = re.compile(r"[\s\-‐‑‒–—―−ー・./_]*")


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product that was named, and whether by a number of its own."""

    sku: str
    name: str
    by_number: bool


def products_named(shop: Shop, text: str) -> list[NamedProduct]:
    """The products whose number, JAN or model number stands in a short text, else those of which half a name does.

    Width, case and hyphens do not matter. One query, among MOST_LOOKED_AT products.
    """
    said, names = fold(text), bare(text)
    if not names:
        return []
    rows = Product.objects.filter(shop=shop).order_by("pk")
    columns = rows.values_list("sku", "name", "name_en", "gtin", "model_number")[:MOST_LOOKED_AT]
    found = []
    for sku, name, name_en, gtin, model_number in columns:
        if any(_stands(number, said) for number in (sku, gtin, model_number)):
            found.append(NamedProduct(sku, name, by_number=True))
        elif any(half_stands(bare(each), names) for each in (name, name_en) if each):
            found.append(NamedProduct(sku, name, by_number=False))
    return [each for each in found if each.by_number] or found


def is_named(name: str, text: str) -> bool:
    """Whether half of the name stands in the text in one piece."""
    return bool(bare(name)) and half_stands(bare(name), bare(text))


def bare(text: str) -> str:
    """Letters and digits only, in one width and kana."""
    return "".join(filter(str.isalnum, plain(text)))


def half_stands(name: str, said: str) -> bool:
    """Whether half of the name stands there in one piece; both bare."""
    size = max(_SHORTEST_NAME, (len(name) + 1) // 2)
    if len(name) < size:
        return len(name) > 1 and name in said
    return any(name[at : at + size] in said for at in range(len(name) - size + 1))


def _stands(number: str, said: str) -> bool:
    """KZ-20A stands in ＫＺ２０Ａ and kz 20a, not in kz-20ab."""
    signs = [re.escape(sign) for sign in fold(number) if sign.isalnum()]
    if len(signs) < SHORTEST_NUMBER:
        return False
    return re.search(f"(?<![a-z0-9]){_BETWEEN.pattern.join(signs)}(?![a-z0-9])", said) is not None
