"""A token as the index keeps it: eight characters that say shop, area, part and word at once.

So a query of one shop can never meet another shop's rows, a reader who may not see inner parts has no words for them,
and the index itself holds no text. That a word has the same eight characters as any of a million others happens once
in a million.
"""

from base64 import b32hexencode
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from anshin.plumbing.search.terms import Part

_MOST_KEPT: Final = 20_000


class Hashes(dict[str, str]):
    """The tokens of one part of one area of a shop, hashed; those that came before are remembered."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, token: str) -> str:
        digest = blake2b(f"{self._prefix}{token}".encode(), digest_size=5).digest()
        found = b32hexencode(digest).decode().lower()
        if len(self) < _MOST_KEPT:
            self[token] = found
        return found


@lru_cache(maxsize=12)
def hashes(shop_id: int, area: str, part: Part) -> Hashes:
    """How the letters of a text stand in the index: `hashes(…)[token]`."""
    return Hashes(f"{shop_id}.{area}{part}.")


@lru_cache(maxsize=12)
def word_hashes(shop_id: int, area: str, part: Part) -> Hashes:
    """How words of the dictionary stand in the index, apart from the letters of the text."""
    return Hashes(f"{shop_id}.{area}{part}.\x00")
