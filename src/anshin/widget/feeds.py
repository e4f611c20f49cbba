"""A shop's public notices for whoever follows them: JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/, read
2026-11-27) and RSS 2.0.

Only what is public is ever read. Readers and proxies keep an answer for ANSWER_SECONDS, this process for KEPT_SECONDS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.http import require_safe

from anshin.safety.queries import PublicNotice, words_around
from anshin.safety.terms import HazardType
from anshin.widget.kept import ShopNotices, language_of, notices_of
from anshin.widget.views import HEADERS

JSON_FEED: Final = "application/feed+json; charset=utf-8"
RSS: Final = "application/rss+xml; charset=utf-8"
MOST_ITEMS: Final = 100
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in a list. `summary` is the hazard, `text` all of it."""

    url: str
    title: str
    summary: str
    text: str
    agency: str
    hazard_type: HazardType
    language: str
    published_at: datetime
    changed_at: datetime


@require_safe
def json_feed(request: HttpRequest, shop: str) -> HttpResponse:
    """JSON Feed 1.1."""
    return _sent(request, shop, _as_json, JSON_FEED)


@require_safe
def rss_feed(request: HttpRequest, shop: str) -> HttpResponse:
    """RSS 2.0."""
    return _sent(request, shop, _as_rss, RSS)


def page_url(shop: str, language: str) -> str:
    """Where people read the same."""
    return f"{settings.ANSHIN_ADDRESS}/p/{shop}/notices?language={language}"


def items(found: ShopNotices, shop: str, language: str) -> Iterator[Item]:
    """The newest first, each in the language or, where it was not written, in its lead language."""
    for notice in found.notices[:MOST_ITEMS]:
        yield _item(notice, shop, language)


def _item(notice: PublicNotice, shop: str, language: str) -> Item:
    facts, written_in = notice.content.facts, notice.content.language_for(language)
    words = notice.content.words[written_in]
    parts = (words.product, words.hazard, words.affected, words.what_to_do, words.remedy, facts.source_url)
    return Item(
        url=f"{page_url(shop, language)}#S-{notice.number:04}",
        title=f"{words.product}: {words.heading}",
        summary=words.hazard,
        text="\n\n".join(filter(None, parts)),
        agency=facts.agency,
        hazard_type=facts.hazard_type,
        language=written_in,
        published_at=notice.released_at,
        changed_at=notice.corrected_at or notice.released_at,
    )


def _sent(
    request: HttpRequest, shop: str, write: Callable[[ShopNotices, str, str, str], bytes], kind: str
) -> HttpResponse:
    found = notices_of(shop[:80])
    if found is None:
        return HttpResponse(status=404, headers=HEADERS)
    language = language_of(request.GET.get("lang", "ja")[:20])
    body = write(found, shop, language, f"{settings.ANSHIN_ADDRESS}{request.path}?lang={language}")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": tag}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in asked or "*" in asked:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type=kind, headers=headers)


def _as_json(found: ShopNotices, shop: str, language: str, own: str) -> bytes:
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{words_around(language)['label']} - {found.shop_name}",
        "home_page_url": page_url(shop, language),
        "feed_url": own,
        "language": language,
        "items": [
            {
                "id": each.url,
                "url": each.url,
                "title": each.title,
                "summary": each.summary,
                "content_text": each.text,
                "date_published": each.published_at.isoformat(),
                "date_modified": each.changed_at.isoformat(),
                "authors": [{"name": each.agency}],
                "tags": [each.hazard_type.value],
                "language": each.language,
            }
            for each in items(found, shop, language)
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


class _Rss(Rss201rev2Feed):
    """Says when it changed last; never the moment of asking, so that the same notices are the same bytes."""

    def latest_post_date(self) -> datetime:
        return max((each["updateddate"] for each in self.items), default=_BEGINNING)


def _as_rss(found: ShopNotices, shop: str, language: str, own: str) -> bytes:
    title = f"{words_around(language)['label']} - {found.shop_name}"
    made = _Rss(title=title, link=page_url(shop, language), description=title, language=language, feed_url=own)
    for each in items(found, shop, language):
        made.add_item(
            title=each.title,
            link=each.url,
            description=each.summary,
            unique_id=each.url,
            unique_id_is_permalink=True,
            author_name=each.agency,
            categories=[each.hazard_type.value],
            pubdate=each.published_at,
            updateddate=each.changed_at,
        )
    return made.writeString("utf-8").encode()
