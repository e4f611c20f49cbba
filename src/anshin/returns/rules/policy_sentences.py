"""The sentences of policies in the customers' languages: returns/policy_texts/<language>.toml."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
_TEXTS = Path(__file__).parent.parent / "policy_texts"


class Sentences:
    """One language's sentences; a section and a key name each."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "ja"
        self._texts = _texts(self.language)

    def say(self, section: str, key: str, **values: object) -> str:
        """A sentence with its gaps filled. Raises KeyError for one that does not exist."""
        return Template(self._texts[section][key]).substitute({name: str(value) for name, value in values.items()})

    def within(self, days: int, start: str) -> str:
        """“within 14 days of delivery”; a start that is not said counts as delivery."""
        return self.say("within", start or "delivery", days=days)

    def join(self, words: Sequence[str], *, last: str = "last") -> str:
        """“a, b or c”."""
        lists = self._texts["lists"]
        if len(words) < 2:
            return "".join(words)
        return f"{lists['comma'].join(words[:-1])}{lists[last]}{words[-1]}"

    def yen(self, amount: int) -> str:
        """“1,200円”."""
        return Template(self._texts["yen"]).substitute(yen=f"{amount:,}")

    def day(self, on: date) -> str:
        """“12月3日”."""
        return Template(self._texts["date"]).substitute(
            month=on.month, day=on.day, month_name=calendar.month_name[on.month]
        )

    def number(self, article: int, paragraph: int | None) -> str:
        """“第4条2項”, or “第4条” for an article of one paragraph."""
        key = "number" if paragraph else "number_alone"
        return Template(self._texts[key]).substitute(article=article, paragraph=paragraph or "")

    def label(self, on: date, count: int) -> str:
        """“2026年4月1日版”; `count` from 2 on is said, for versions that begin on the same day."""
        key = "label" if count < 2 else "label_again"
        return Template(self._texts[key]).substitute(
            year=on.year, month=on.month, day=on.day, month2=f"{on.month:02}", day2=f"{on.day:02}", count=count
        )


@cache
def sentences(language: str) -> Sentences:
    """The sentences in a language, or in Japanese for one that has none."""
    return Sentences(language)


@cache
def _texts(language: str) -> dict[str, Any]:
    return tomllib.loads((_TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
