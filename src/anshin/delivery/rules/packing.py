"""Decides to which line of an order a packed product belongs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from anshin.language.folding import fold


def places_of(
    packed: Sequence[tuple[str, str]], lines: Mapping[int, tuple[str, str]], settled: Collection[int]
) -> list[int | None]:
    """The position of the line for each packed product, None where nobody can tell.

    Shapes: a product is (product number, name); `lines` holds them by position; `settled` positions have had what was
    ordered packed with another file. A product is found by its number, then by its name. One that was not ordered
    stands in for the only line of which nothing was packed: that is how a mix-up looks. Two such products, or two such
    lines, are nobody's.
    """
    found = [_place(product, lines) for product in packed]
    open_lines = [place for place in lines if place not in found and place not in settled]
    strange = [at for at, place in enumerate(found) if place is None]
    if len(open_lines) == len(strange) == 1:
        found[strange[0]] = open_lines[0]
    return found


def packing_digest(
    order_id: int,
    position: int,
    sku: str,
    name: str,
    *,
    quantity: int,
    weight_g: int | None,
    packed_at: datetime,
    packed_by: str,
) -> str:
    """64 hexadecimal characters that are equal exactly when two files say the same of one line."""
    told = [order_id, position, sku, name, quantity, weight_g, packed_at.astimezone(UTC).isoformat(), packed_by]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _place(product: tuple[str, str], lines: Mapping[int, tuple[str, str]]) -> int | None:
    sku, name = (fold(word) for word in product)
    by_sku = [place for place, line in lines.items() if sku and fold(line[0]) == sku]
    by_name = [place for place, line in lines.items() if not sku and name and fold(line[1]) == name]
    return next(iter(by_sku or by_name), None)
