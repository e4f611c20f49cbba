"""The words of the customers' pages, in the languages in which customers are spoken to: pages/<language>.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from anshin.visits.terms import LANGUAGES

_PAGES = Path(__file__).parent / "pages"


@cache
def page_words(language: str, page: str) -> Mapping[str, Any]:
    """Words of one table of the file: `frame`, `look_up`, `code`, `home` … `${…}` are to be filled in. Japanese for a
    language without a file. Raises KeyError for a table that does not exist."""
    return MappingProxyType(_file(language if language in LANGUAGES else "ja")[page])


@cache
def _file(language: str) -> dict[str, Any]:
    return tomllib.loads((_PAGES / f"{language}.toml").read_text(encoding="utf-8"))
