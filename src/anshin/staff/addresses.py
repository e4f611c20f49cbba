"""Addresses of the desk's pages for screens that hold dozens of them: each pattern is asked of Django once."""

from functools import cache

from django.urls import reverse

_NUMBER = 987_654_300


def address(name: str, *values: str | int) -> str:
    """What `reverse("staff:name", args=values)` says. The texts among `values` are slugs. Raises NoReverseMatch."""
    return _pattern(name, tuple(map(type, values))).format(*values)


@cache
def _pattern(name: str, kinds: tuple[type, ...]) -> str:
    stand_ins = [_NUMBER + place if kind is int else f"stand-in-{place}" for place, kind in enumerate(kinds)]
    pattern = reverse(f"staff:{name}", args=stand_ins).replace("{", "{{").replace("}", "}}")
    for place, stand_in in enumerate(stand_ins):
        pattern = pattern.replace(str(stand_in), f"{{{place}}}", 1)
    return pattern
