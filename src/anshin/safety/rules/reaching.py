"""Which order lines an advisory is about, as plain values, and whether that is so many that a person is asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

FEW_PRODUCTS = 5
"""Below so many products nobody is asked twice, however small the catalogue is."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One affected product in the shop's own terms. Empty `lots`: all of them; a day that is None is open."""

    products: tuple[int, ...]
    skus: tuple[str, ...]
    lots: tuple[tuple[str, str], ...] = ()
    sold_from: date | None = None
    sold_to: date | None = None


def to_json(sought: Sequence[Sought]) -> list[dict[str, Any]]:
    """As JSON can hold it."""
    return [
        {
            "products": list(each.products),
            "skus": list(each.skus),
            "lots": [list(lots) for lots in each.lots],
            "sold_from": each.sold_from.isoformat() if each.sold_from else None,
            "sold_to": each.sold_to.isoformat() if each.sold_to else None,
        }
        for each in sought
    ]


def from_json(told: Sequence[Mapping[str, Any]]) -> tuple[Sought, ...]:
    """What `to_json` made."""
    return tuple(
        Sought(
            products=tuple(each["products"]),
            skus=tuple(each["skus"]),
            lots=tuple((start, end) for start, end in each["lots"]),
            sold_from=date.fromisoformat(each["sold_from"]) if each["sold_from"] else None,
            sold_to=date.fromisoformat(each["sold_to"]) if each["sold_to"] else None,
        )
        for each in told
    )


def is_wide(*, matched: int, catalogue: int) -> bool:
    """Whether the matches reach half of the catalogue, as a range too far or a name too short would."""
    return matched >= FEW_PRODUCTS and matched * 2 >= catalogue


def must_ask_again(*, matched: int, catalogue: int, said_yes_to: int) -> bool:
    """Whether a person still has to say a second time that so many are meant. `said_yes_to`: how many there were when
    somebody did; more matches ask anew."""
    return is_wide(matched=matched, catalogue=catalogue) and said_yes_to < matched
