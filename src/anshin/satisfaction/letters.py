"""The mail that asks, in the customer's language.

Texts lie in letters/asking/<language>.txt: the subject, a blank line, the text; greetings in letters/greetings.toml.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from anshin.satisfaction.terms import LANGUAGES

_TEXTS = Path(__file__).parent / "letters"


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with its subject."""

    subject: str
    text: str


def asking(*, name: str, shop: str, number: int, about: str, link: str, language: str) -> Letter:
    """Asks a customer how it was. `name` may be "", `about` is the case's subject."""
    written = known(language)
    subject, _blank, text = _text(f"asking/{written}.txt").partition("\n\n")
    values = {"name": name, "shop": shop, "number": str(number), "about": about, "link": link}
    greeting = _greetings()[written]["with_name" if name else "without_name"]
    values["greeting"] = Template(greeting).substitute(values)
    return Letter(
        subject=" ".join(Template(subject).substitute(values).split()),
        text=Template(text).substitute(values).strip(),
    )


def known(language: str) -> str:
    """The language itself, or Japanese for one that has no texts."""
    return language if language in LANGUAGES else "ja"


@cache
def _greetings() -> dict[str, Any]:
    return tomllib.loads(_text("greetings.toml"))


@cache
def _text(path: str) -> str:
    return (_TEXTS / path).read_text(encoding="utf-8")
