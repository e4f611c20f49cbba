"""The parts of a request: which pieces of which position belong together, because one reason and one wish stands for
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anshin.visits.terms import Part


def chosen(parts: Sequence[Part], quantities: Mapping[int, int]) -> list[Part]:
    """The parts for so many of each position. What was told stays where the number is the same as before; a position
    with another number is one part again, and a new one has nothing told."""
    found: list[Part] = []
    for position, quantity in sorted(quantities.items()):
        old = [part for part in parts if part.position == position]
        if sum(part.quantity for part in old) == quantity:
            found += old
        elif old:
            found.append(replace(old[0], quantity=quantity))
        else:
            found.append(Part(key=_next_key([*parts, *found]), position=position, quantity=quantity))
    return found


def parted(parts: Sequence[Part], key: int, quantity: int) -> list[Part]:
    """Only `quantity` pieces of this part belong together; the others of its position follow as a part of their own.

    Pieces that were parted off before come back when `quantity` asks for them. A number that is not there to be had
    changes nothing.
    """
    place = next((place for place, part in enumerate(parts) if part.key == key), None)
    if place is None:
        return list(parts)
    this = parts[place]
    rest = [part for part in parts[place + 1 :] if part.position == this.position]
    whole = this.quantity + sum(part.quantity for part in rest)
    if not 0 < quantity <= whole or quantity == this.quantity:
        return list(parts)
    others = [part for part in parts[place + 1 :] if part.position != this.position]
    left = whole - quantity
    fresh = rest[0] if rest else Part(key=_next_key(parts), position=this.position, quantity=left)
    tail = [replace(fresh, quantity=left)] if left else []
    return [*parts[:place], replace(this, quantity=quantity), *tail, *others]


def joined(parts: Sequence[Part], before: Sequence[Part] = ()) -> list[Part]:
    """One part a position again, all with what was told of the first of which anything was, of those `before` where
    nothing was told of these."""
    if not parts:
        return []
    first, counts = next((part for part in [*parts, *before] if part.reason), parts[0]), _counts(parts)
    keys = {part.position: part for part in reversed(parts)}
    return [
        replace(
            keys[position],
            quantity=quantity,
            reason=first.reason,
            sub_reason=first.sub_reason,
            condition=first.condition,
        )
        for position, quantity in counts.items()
    ]


def wishes_joined(parts: Sequence[Part], before: Sequence[Part] = ()) -> list[Part]:
    """All with the wish of the first that has one, else of one of those `before`."""
    first = next((part for part in [*parts, *before] if part.wish), None)
    return [replace(part, wish=first.wish, wanted=first.wanted) if first else part for part in parts]


def can_be_parted(parts: Iterable[Part]) -> bool:
    """Whether there is more than one piece, so that a second reason or wish could be told."""
    return sum(part.quantity for part in parts) > 1


def _counts(parts: Iterable[Part]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for part in parts:
        counts[part.position] = counts.get(part.position, 0) + part.quantity
    return counts


def _next_key(parts: Iterable[Part]) -> int:
    return max((part.key for part in parts), default=0) + 1
