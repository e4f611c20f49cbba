"""The cache: what pages keep for seconds lies in this process, what counts tries lies where all processes see it.

Limits on sign-in would be as many times wider as there are processes, and a used code usable again in the next one.
The sign-in library uses Django's default cache for both; its keys begin with its name.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

_COUNTED = "allauth"


class TwoCaches(LocMemCache):
    """Memory of this process, but for the sign-in library's keys, which lie in `shared`."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        if _counts(key):
            return caches["shared"].get(key, default, version)
        return super().get(key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        if _counts(key):
            caches["shared"].set(key, value, timeout, version)
        else:
            super().set(key, value, timeout, version)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if _counts(key):
            return caches["shared"].add(key, value, timeout, version)
        return super().add(key, value, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        if _counts(key):
            return caches["shared"].delete(key, version)
        return super().delete(key, version)


def _counts(key: Any) -> bool:
    return str(key).startswith(_COUNTED)
