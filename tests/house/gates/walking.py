"""Every address of the installation, read from what Django would call; filled with numbers that are somebody's."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>|\(\?P<(?P<named>\w+)>[^)]*\)")
SHOP = {"shop", "slug", "shop_slug"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Words that an address takes from a fixed list, so that they name nothing of anybody: by parameter, and route.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "view": (("", "all"),),
    "language": (("", "ja"),),
    "key": (("s/<slug:shop>/c/<int:number>/referrals/", "hotline"),),
    "which": (("", "phone"),),
    "kind": (("s/", "reshipment"), ("f/", "payment")),
    "poster": (("", "postmark"),),
    "provider_id": (("", "google"),),
    "uidb36": (("", "a"),),
}


@dataclass(frozen=True)
class Route:
    """One address: how it is written, what it calls, and which of its parts name something."""

    pattern: str
    view: Callable[..., Any]

    @property
    def named(self) -> tuple[str, ...]:
        """Parts that name a thing of a shop: whatever is no shop and no word of a fixed list."""
        found = (match["name"] or match["named"] for match in PARAMETER.finditer(self.pattern))
        return tuple(name for name in found if name not in SHOP and not self._word(name))

    @property
    def is_of_shop(self) -> bool:
        """Whether it lies at the desk of one shop."""
        return self.pattern.startswith("s/")

    @property
    def permission(self) -> str:
        """What the desk asks for before it shows this; "" where it asks for nothing."""
        return getattr(self.view, "permission", "")

    def address(self, slug: str, number: int, others: Mapping[str, int] | None = None) -> str:
        """The address in the shop with this slug; `others`: parts that get another number."""

        def filled(match: re.Match[str]) -> str:
            name = match["name"] or match["named"]
            if name in SHOP:
                return slug
            value = (others or {}).get(name, number)
            is_number = match["kind"] == "int" or self.pattern.startswith("api/")
            return self._word(name) or (str(value) if is_number else f"key-{value}")

        plain = PARAMETER.sub(filled, self.pattern)
        return "/" + plain.replace("^", "").replace("$", "").replace("\\", "")

    def _word(self, name: str) -> str:
        return next((word for start, word in WORDS.get(name, ()) if self.pattern.startswith(start)), "")


@functools.cache
def routes() -> tuple[Route, ...]:
    """All of them; an address that several views share counts once, for the first that Django would ask."""
    found: dict[str, Route] = {}
    for pattern, entry in _patterns(get_resolver(), ""):
        found.setdefault(pattern, Route(pattern, entry.callback))
    return tuple(found.values())


def desk_routes() -> list[Route]:
    """The addresses at the desk of a shop."""
    return [route for route in routes() if route.is_of_shop]


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry
