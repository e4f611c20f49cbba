"""Decides to which of a shop's places a return goes by itself."""

from collections.abc import Collection, Iterable

from anshin.language.folding import fold


def place_for(skus: Collection[str], places: Iterable[tuple[int, Collection[str]]]) -> int | None:
    """The first place whose beginnings fit every item; None for the shop's usual address.

    Shapes: a place is its id and how the numbers of its products begin. Items of two places go to the usual address,
    where somebody sorts them.
    """
    keys = [fold(sku) for sku in skus]
    for place_id, starts in places:
        begins = tuple(fold(start) for start in starts if start)
        if begins and keys and all(key.startswith(begins) for key in keys):
            return place_id
    return None
