"""Letters to customers that belong to no case, in the customer's language.

Texts lie in letters/<what>/<language>.txt: the subject, a blank line, the text.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from anshin.visits.terms import LANGUAGES

_TEXTS = Path(__file__).parent / "letters"


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with its subject."""

    subject: str
    text: str


def code(*, shop: str, code: str, minutes: int, language: str) -> Letter:
    """The code with which a customer comes in."""
    return _letter("code", language, shop=shop, code=code, minutes=str(minutes))


def known(language: str) -> str:
    """The language itself, or Japanese for one that has no texts."""
    return language if language in LANGUAGES else "ja"


def _letter(what: str, language: str, **values: str) -> Letter:
    subject, text = _text(what, known(language))
    return Letter(
        subject=" ".join(Template(subject).substitute(values).split()),
        text=Template(text).substitute(values).strip(),
    )


@cache
def _text(what: str, language: str) -> tuple[str, str]:
    subject, _blank, text = (_TEXTS / what / f"{language}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject, text
