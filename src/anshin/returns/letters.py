"""What each mail about a return needs, in the customer's language.

Texts lie in letters/<name>/<language>.txt: the subject, a blank line, the text.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from anshin.commerce.terms import Recipient

_TEXTS = Path(__file__).parent / "letters"
LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")
NAMES = (
    "received",
    "approved",
    "kept",
    "refused",
    "arrived",
    "paid",
    "waiting",
    "exchanged",
    "out_of_stock",
    "refund_instead",
    "elsewhere",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished text with its subject."""

    subject: str
    text: str


def letter(which: str, language: str, **values: str) -> Letter:
    """One of NAMES, filled in; Japanese for a language without texts. Values: name, shop, number, items, clause,
    payer, until, amount, why, link, sent, place."""
    subject, _blank, text = _text(which, language if language in LANGUAGES else "ja").partition("\n\n")
    filled = Template(text).substitute(values)
    return Letter(
        subject=" ".join(Template(subject).substitute(values).split()),
        text="\n".join(_without_empty(filled)).strip(),
    )


def payer_words(payer: str, language: str) -> str:
    """Who pays the postage of the return, in a sentence."""
    lines = _text("payer", language if language in LANGUAGES else "ja").strip().splitlines()
    return lines[0] if payer == "shop" else lines[1]


def place_words(place: Recipient, language: str) -> str:
    """Where the parcel goes, in up to three lines; "" where the shop has told no address."""
    if not place.lines:
        return ""
    heading = _text("place", language if language in LANGUAGES else "ja").strip()
    code = f"〒{place.postcode} " if place.postcode else ""
    return "\n".join(part for part in (heading, f"{code}{place.lines}", f"{place.name} {place.phone}".strip()) if part)


def _without_empty(text: str) -> list[str]:
    """Of several empty lines in a row only one stays: a value may be empty."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    return kept


@cache
def _text(name: str, language: str) -> str:
    return (_TEXTS / name / f"{language}.txt").read_text(encoding="utf-8")
