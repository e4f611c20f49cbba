"""Chance for made-up demo data that falls the same on every machine and every Python."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Choice = TypeVar("Choice")


class Dice:
    """Thrown in the same order from the same seed, it gives the same results."""

    def __init__(self, seed: str) -> None:
        self._seed, self._throws = seed, 0

    def share(self) -> float:
        """A number from 0 up to, not including, 1."""
        self._throws += 1
        digest = hashlib.sha256(f"{self._seed}:{self._throws}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""
        return int(self.share() * end)

    def chance(self, percent: float) -> bool:
        """True that often."""
        return self.share() * 100 < percent

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of them, each equally likely."""
        return choices[self.below(len(choices))]

    def weighed(self, weights: dict[str, int]) -> str:
        """One of the keys, as likely as its weight."""
        point = self.share() * sum(weights.values())
        for key, weight in weights.items():
            point -= weight
            if point < 0:
                return key
        return next(iter(weights))
