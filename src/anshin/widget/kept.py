"""The public notices of each shop, kept in the process for some seconds and written out ready to send.

How often each was given out is counted here and handed on whenever the notices are read anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, Final

from django.db import DatabaseError
from django.template.loader import render_to_string

from anshin.plumbing import clock
from anshin.safety.actions import count_shown
from anshin.safety.queries import (
    PublicNotice,
    picture_bytes,
    product_code,
    public_notices,
    public_picture,
    shown_notice,
    words_around,
)
from anshin.safety.terms import LANGUAGES
from anshin.shops.queries import shop_by_slug

KEPT_SECONDS: Final = 5.0
MOST_SHOPS: Final = 1000
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


log = logging.getLogger(__name__)


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


class _Shown:
    """How often notices, by their number, were given out since they were read; a thread and the loop count at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._times: dict[int, int] = {}
        self._first_at: datetime | None = None

    def add(self, notices: tuple[PublicNotice, ...]) -> None:
        """One answer with these."""
        with self._lock:
            self._first_at = self._first_at or clock.now()
            for notice in notices:
                self._times[notice.number] = self._times.get(notice.number, 0) + 1

    def taken(self) -> tuple[dict[int, int], datetime | None]:
        """What was counted, and since when; from zero again."""
        with self._lock:
            found = self._times, self._first_at
            self._times, self._first_at = {}, None
        return found


@dataclass(frozen=True, slots=True)
class _Kept:
    since: float
    shop_id: int | None
    shop_name: str
    notices: tuple[PublicNotice, ...]
    by_code: Mapping[str, tuple[PublicNotice, ...]]
    made: dict[tuple[str, str, str], Answer] = field(default_factory=dict)
    shown: _Shown = field(default_factory=_Shown)


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


@dataclass(frozen=True, slots=True)
class ShopNotices:
    """All that a shop has made public, the newest first."""

    shop_name: str
    notices: tuple[PublicNotice, ...]


def notices_of(slug: str) -> ShopNotices | None:
    """Every public notice of a shop, at most KEPT_SECONDS old; None where there is no such shop."""
    kept = _shops.get(slug)
    if kept is None or monotonic() - kept.since > KEPT_SECONDS:
        kept = _read(slug)
    return ShopNotices(kept.shop_name, kept.notices) if kept.shop_id is not None else None


def _read(slug: str) -> _Kept:
    _hand_on(slug)
    shop = shop_by_slug(slug)
    notices = tuple(public_notices(shop)) if shop else ()
    by_code: dict[str, tuple[PublicNotice, ...]] = {}
    for notice in notices:
        for code in notice.codes:
            by_code[code] = (*by_code.get(code, ()), notice)
    if len(_shops) >= MOST_SHOPS:  # asked for by names that somebody makes up
        _shops.clear()
    name = shop.name if shop else ""
    kept = _shops[slug] = _Kept(monotonic(), shop.pk if shop else None, name, notices, by_code)
    return kept


def _hand_on(slug: str) -> None:
    """Write down what was counted. A database that cannot take it now keeps no visitor from the notice."""
    former = _shops.get(slug)
    times, first_at = former.shown.taken() if former else ({}, None)
    if former is None or former.shop_id is None or first_at is None:
        return
    try:
        count_shown(shop_id=former.shop_id, times=times, first_at=first_at)
    except DatabaseError as error:
        log.warning("How often notices were shown was not written down: %s", type(error).__name__)


def _from(kept: _Kept, asked: Asked) -> Answer:
    if kept.shop_id is None:
        return _NO_SHOP
    notices = kept.by_code.get(product_code(asked.product), ())
    if notices:
        kept.shown.add(notices)
    code = product_code(asked.product) if notices else ""
    key = (code, asked.language, asked.format)
    if key not in kept.made:
        kept.made[key] = _written(notices, asked)
    return kept.made[key]


def picture_of(slug: str, number: int, version: int) -> tuple[bytes, str] | None:
    """The picture of a notice that is public now, as that version of its facts has it."""
    found = notices_of(slug)
    notice = next((each for each in found.notices if each.number == number), None) if found else None
    return picture_bytes(notice.content) if notice and notice.content.version == version else None


def _written(notices: tuple[PublicNotice, ...], asked: Asked) -> Answer:
    told = [_told(each, asked.shop, asked.language) for each in notices]
    if asked.format == "html":
        page = render_to_string("widget/notices.html", {"notices": told, "words": words_around(asked.language)})
        return Answer(200, HTML, page.encode())
    content = {"language": asked.language, "notices": told, "words": words_around(asked.language)}
    return Answer(200, JSON, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _told(notice: PublicNotice, slug: str, language: str) -> dict[str, Any]:
    return shown_notice(
        notice.content,
        language=language,
        number=notice.number,
        released_at=notice.released_at,
        corrected_at=notice.corrected_at,
        picture=public_picture(slug, notice.number, notice.content),
    )


def language_of(told: str) -> str:
    """The language of ours that is meant: zh-TW and zh-HK read Hant, other Chinese Hans; unknown ones Japanese."""
    tag = told.strip().lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in {"hant", "tw", "hk", "mo"} for part in tag.split("-")) else "zh-Hans"
    return next((each for each in LANGUAGES if each == tag.split("-")[0]), "ja")
