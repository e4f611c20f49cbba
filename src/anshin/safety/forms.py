"""The words of a buyer's page, in the languages of customers: pages/<language>.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from anshin.safety.terms import LANGUAGES

_PAGES = Path(__file__).parent / "pages"


@cache
def buyer_words(language: str) -> Mapping[str, str]:
    """Heading, the answers, what to press; `${shop}` is to be filled in. Japanese for a language without a page."""
    known = language if language in LANGUAGES else "ja"
    return MappingProxyType(tomllib.loads((_PAGES / f"{known}.toml").read_text(encoding="utf-8")))
