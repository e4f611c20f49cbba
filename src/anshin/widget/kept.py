"""The public notices of each shop, kept in the process for some seconds and written out ready to send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from django.template.loader import render_to_string

from anshin.safety.queries import PublicNotice, product_code, public_notices, shown_notice, words_around
from anshin.safety.terms import LANGUAGES
from anshin.shops.queries import shop_by_slug

KEPT_SECONDS: Final = 5.0
MOST_SHOPS: Final = 1000
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: finished bytes."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for: short name of the shop, number of the product, language, json or html."""

    shop: str
    product: str
    language: str
    format: str


@dataclass(frozen=True, slots=True)
class _Kept:
    since: float
    is_known: bool
    by_code: Mapping[str, tuple[PublicNotice, ...]]
    made: dict[tuple[str, str, str], Answer]


_shops: dict[str, _Kept] = {}
_NO_SHOP = Answer(404, JSON, json.dumps({"error": "There is no such shop."}).encode())


def forget() -> None:
    """Read everything anew; for tests."""
    _shops.clear()


def kept_answer(asked: Asked) -> Answer | None:
    """The answer, if it can be given without asking the database."""
    kept = _shops.get(asked.shop)
    if kept is None or monotonic() - kept.since > KEPT_SECONDS:
        return None
    return _from(kept, asked)


def answer(asked: Asked) -> Answer:
    """The public notices about a product. At most three queries, once in KEPT_SECONDS."""
    return kept_answer(asked) or _from(_read(asked.shop), asked)


def _read(slug: str) -> _Kept:
    shop = shop_by_slug(slug)
    by_code: dict[str, tuple[PublicNotice, ...]] = {}
    for notice in public_notices(shop) if shop else ():
        for code in notice.codes:
            by_code[code] = (*by_code.get(code, ()), notice)
    if len(_shops) >= MOST_SHOPS:  # asked for by names that somebody makes up
        _shops.clear()
    kept = _shops[slug] = _Kept(monotonic(), shop is not None, by_code, {})
    return kept


def _from(kept: _Kept, asked: Asked) -> Answer:
    if not kept.is_known:
        return _NO_SHOP
    notices = kept.by_code.get(product_code(asked.product), ())
    code = product_code(asked.product) if notices else ""
    key = (code, asked.language, asked.format)
    if key not in kept.made:
        kept.made[key] = _written(notices, asked)
    return kept.made[key]


def _written(notices: tuple[PublicNotice, ...], asked: Asked) -> Answer:
    told = [_told(each, asked.language) for each in notices]
    if asked.format == "html":
        page = render_to_string("widget/notices.html", {"notices": told, "words": words_around(asked.language)})
        return Answer(200, HTML, page.encode())
    content = {"language": asked.language, "notices": told, "words": words_around(asked.language)}
    return Answer(200, JSON, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _told(notice: PublicNotice, language: str) -> dict[str, Any]:
    return shown_notice(
        notice.content,
        language=language,
        number=notice.number,
        released_at=notice.released_at,
        corrected_at=notice.corrected_at,
    )


def language_of(told: str) -> str:
    """The language of ours that is meant: zh-TW and zh-HK read Hant, other Chinese Hans; unknown ones Japanese."""
    tag = told.strip().lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in {"hant", "tw", "hk", "mo"} for part in tag.split("-")) else "zh-Hans"
    return next((each for each in LANGUAGES if each == tag.split("-")[0]), "ja")
