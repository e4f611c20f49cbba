"""The words of a customer's page, in the languages in which customers are asked: pages/<language>.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from anshin.satisfaction.terms import LANGUAGES

_PAGES = Path(__file__).parent / "pages"


@cache
def page_words(language: str) -> Mapping[str, str]:
    """Headings, the five answers, what to press; `${about}`, `${number}` and `${shop}` are to be filled in. Japanese
    for a language without a page."""
    known = language if language in LANGUAGES else "ja"
    return MappingProxyType(tomllib.loads((_PAGES / f"{known}.toml").read_text(encoding="utf-8")))
