"""What the next page says about what was just done, on its way in a cookie that nobody can read.

Django signs such a cookie and leaves it readable; the words may name a customer whom the reader is not shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage

from anshin.plumbing import secrets


class SealedMessages(CookieStorage):
    """Django's storage in a cookie, sealed with the installation's secret."""

    def _encode_parts(self, messages: Any, encode_empty: bool = False) -> str | None:
        plain: str | None = super()._encode_parts(messages, encode_empty)  # type: ignore[misc]  # not in the stubs
        return secrets.seal(plain) if plain else plain

    def _decode(self, data: str | None) -> Any:
        try:
            return super()._decode(secrets.unseal(data or ""))  # type: ignore[misc]  # not in the stubs
        except (secrets.Unreadable, UnicodeEncodeError):
            self.used = True  # the cookie goes
            return None
