"""Texts of this room in the customer's language: the letter of apology in the parcel, paragraphs that apologise as far
as the fault is known, and the reply that shows an order.

Texts lie in letters/<name>/<language>.txt; whoever writes changes them in the composer.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

from anshin.delivery.terms import LANGUAGES, ApologyLevel

_TEXTS = Path(__file__).parent / "letters"


def apology_letter(*, name: str, shop: str, item: str, language: str) -> str:
    """What lies in a re-sent parcel. `name` may be ""."""
    return _filled("apology", language, name=_addressed(name, language), shop=shop, item=item)


def apology_block(level: ApologyLevel, *, item: str, language: str) -> str:
    """A paragraph for a reply that apologises for no more than is known (requirement 53)."""
    return _filled(f"blocks/{ApologyLevel(level).value}", language, item=item)


def showing_order(*, number: str, item: str, ordered_on: str, postage: str, language: str) -> str:
    """A reply to a customer who had something else in mind: here is what was ordered, and what an exchange costs.

    `ordered_on` and `postage` are written out already.
    """
    return _filled("showing", language, number=number, item=item, ordered_on=ordered_on, postage=postage)


def known(language: str) -> str:
    """The language itself, or Japanese for one that has no texts."""
    return language if language in LANGUAGES else "ja"


def _addressed(name: str, language: str) -> str:
    without = {"ja": "お客様", "en": "Customer", "zh-Hans": "顾客", "zh-Hant": "顧客", "ko": "고객"}
    written = known(language)
    if not name:
        return without[written]
    return f"{name} 様" if written == "ja" else f"{name} 고객" if written == "ko" else name


def _filled(text: str, language: str, **values: str) -> str:
    return Template(_text(f"{text}/{known(language)}.txt")).substitute(values).strip()


@cache
def _text(path: str) -> str:
    return (_TEXTS / path).read_text(encoding="utf-8")
