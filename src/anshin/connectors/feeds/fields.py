"""What was read under each meaning, made into a caution: shared by all lists whose columns a person may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from anshin.connectors.feeds.documents import LONGEST_NAME, joined, web_address
from anshin.connectors.feeds.moments import told
from anshin.language.folding import fold
from anshin.safety.ports import Caution, Reading
from anshin.safety.terms import Affected, FeedField

_QUOTED: Final = re.compile(r"[「『“\"]([^「」『』“”\"]{2,80})[」』”\"]")
_PARTS: Final = re.compile(r"[、,，;；\n]+|\s{2,}|\s/\s")
_WITHDRAWN: Final = re.compile(r"取り?下げ|撤回|公表(?:の)?取消|\bwithdrawn\b|\bretracted\b", re.IGNORECASE)
_GTIN_DIGITS: Final = range(8, 15)
_MOST_PRODUCTS: Final = 50


@lru_cache(maxsize=4096)
def key(heading: str) -> str:
    """The heading as it is compared: folded, without spaces, underscores, hyphens and colons."""
    return re.sub(r"[\s_\-:：・]", "", fold(heading))


class Told:
    """Words by meaning (codes of terms.FeedField), in the order in which they stood."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}

    def add(self, meaning: str, text: str) -> None:
        """Take in one element or cell; without meaning or words it is left out."""
        if meaning and text:
            self._words.setdefault(meaning, []).append(text)

    def first(self, meaning: str) -> str:
        """The first words of a meaning."""
        return next(iter(self._words.get(meaning, ())), "")

    def all(self, meaning: str) -> str:
        """All words of a meaning."""
        return joined(self._words.get(meaning, ()))


def caution_of(said: Told, how: Reading, *, name: str) -> Caution:
    """The caution, as far as it was understood; `name` is the publisher's own for it."""
    title = said.first(FeedField.TITLE)
    written = said.first(FeedField.PUBLISHED)
    moment = told(written, zone=how.zone, today=how.today)
    products = tuple(_products(said, title))
    return Caution(
        source_id=name[:300],
        agency=said.first(FeedField.AGENCY)[:120],
        title=title[:500] or joined((each.name for each in products), between="、")[:500] or name[:300],
        url=web_address(said.first(FeedField.URL)) or web_address(name),
        published=written[:100],
        published_at=moment.at,
        asks_zone=moment.asks_zone,
        hazard=said.all(FeedField.HAZARD),
        affected=said.all(FeedField.LOTS),
        what_to_do=said.all(FeedField.WHAT_TO_DO),
        remedy=said.all(FeedField.REMEDY),
        contact=said.all(FeedField.CONTACT)[:1000],
        products=products,
        language=how.language,
        is_withdrawn=bool(_WITHDRAWN.search(title)),
        trouble=_trouble(title, products, written, is_read=moment.at is not None or moment.asks_zone),
    )


def _trouble(title: str, products: tuple[Affected, ...], written: str, *, is_read: bool) -> str:
    if not title and not products:
        return _("The entry has no title, and nothing that names a product.")
    if written and not is_read:
        return _("Its day of publication cannot be read: %(words)s") % {"words": written[:60]}
    return ""


def _products(said: Told, title: str) -> Iterator[Affected]:
    """The named product with each of its numbers; without a name what the title has in quotation marks."""
    names = _parts(said.all(FeedField.PRODUCT), whole=True) or _QUOTED.findall(title)[:_MOST_PRODUCTS]
    models, codes = _parts(said.all(FeedField.MODEL)), _codes(said.all(FeedField.GTIN))
    first = names[0][:LONGEST_NAME] if names else ""
    for model in models:
        yield Affected(name=first, model_number=model[:120])
    for code in codes:
        yield Affected(name=first, gtin=code)
    for name in names[1:] if models or codes else names:
        yield Affected(name=name[:LONGEST_NAME])


def _parts(text: str, *, whole: bool = False) -> list[str]:
    """Several in one cell, each alone; `whole`: a name may hold commas, only lines part it."""
    found = text.split("\n") if whole else _PARTS.split(text)
    return [each.strip() for each in found if each.strip() and not _is_nothing(each)][:_MOST_PRODUCTS]


def _is_nothing(text: str) -> bool:
    return text.strip() in {"-", "−", "ー", "なし", "不明", "無し", "N/A", "n/a", "型番なし", "記載なし"}


def _codes(text: str) -> list[str]:
    found = ("".join(c for c in fold(each) if c.isdecimal()) for each in _parts(text))
    return [each for each in found if len(each) in _GTIN_DIGITS]
