"""The fixed texts of printed documents, in the customer's language, and what makes people's texts printable."""

import re
import tomllib
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from anshin.connectors.papers.typesetting import HERE
from anshin.language.written import LETTER_LANGUAGES, written_day

_TEXTS: Final = HERE / "texts"
_LONG_RUN: Final = re.compile(r"[!-~\u00a1-\u02af\uff65-\uff9f]{12,}")
_ZERO_WIDTH_SPACE: Final = "\u200b"


def known(language: str) -> str:
    """The language itself, or Japanese for one that has no texts."""
    return language if language in LETTER_LANGUAGES else "ja"


@cache
def texts(language: str, document: str) -> dict[str, Any]:
    """The texts of one document, as texts/<language>.toml writes them."""
    read: dict[str, Any] = tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read[document]
    return found


def moment(at: datetime, zone: str, language: str) -> str:
    """Day and time of day at that place: 2026年12月1日（火） 18:05."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{written_day(there.date(), language)} {there:%H:%M}"


def yen(amount: int) -> str:
    """¥1,990, −¥500; whole yen."""
    return f"{'−' if amount < 0 else ''}¥{abs(amount):,}"


def printable(text: str, *, longest: int = 400) -> str:
    """One line without control characters; runs without a space may break, so nothing leaves its column.

    Longer texts end in an ellipsis. Units: characters.
    """
    spaced = "".join(" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    line = " ".join(spaced.split(" ")).strip()
    line = re.sub(" {2,}", " ", line)
    if len(line) > longest:
        line = line[: longest - 1] + "…"
    return _LONG_RUN.sub(lambda found: _ZERO_WIDTH_SPACE.join(found[0]), line)
