"""How a notice stands on a product's page: for the shops' pages once it is public, for the insiders before."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import BlobDamaged, read_bytes
from anshin.plumbing.pages import dates
from anshin.safety.terms import Content

log = logging.getLogger(__name__)

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "ja": {
        "label": "商品の安全に関するお知らせ",
        "source": "公表元の全文",
        "contact": "お問い合わせ",
        "by": "公表",
        "none": "いま公開しているお知らせはありません。",
        "corrected": "訂正",
        "follow": "更新を受け取る",
    },
    "en": {
        "label": "Product safety notice",
        "source": "Full text",
        "contact": "Contact",
        "by": "Published",
        "none": "There are no notices at present.",
        "corrected": "Corrected",
        "follow": "Follow",
    },
    "zh-Hans": {
        "label": "产品安全公告",
        "source": "发布机构全文",
        "contact": "联系方式",
        "by": "发布",
        "none": "目前没有公告。",
        "corrected": "更正",
        "follow": "订阅更新",
    },
    "zh-Hant": {
        "label": "商品安全公告",
        "source": "發布機關全文",
        "contact": "聯絡方式",
        "by": "發布",
        "none": "目前沒有公告。",
        "corrected": "更正",
        "follow": "訂閱更新",
    },
    "ko": {
        "label": "제품 안전 안내",
        "source": "발표 기관 전문",
        "contact": "문의처",
        "by": "발표",
        "none": "현재 공개된 안내가 없습니다.",
        "corrected": "정정",
        "follow": "업데이트 구독",
    },
}


def words_around(language: str) -> Mapping[str, str]:
    """The few words of our own: label, link to the source, contact, and what stands after the day."""
    return _WORDS[language]


def shown_notice(
    content: Content,
    *,
    language: str,
    number: int | None,
    released_at: datetime,
    corrected_at: datetime | None = None,
    picture: str = "",
) -> dict[str, Any]:
    """The notice in a language (the lead language where it was not written), as `widget/notices.html` takes it.

    `picture`: where it is shown from, "" for none. `number` None: still sealed, and `released_at` is when it will be
    public.
    """
    facts = content.facts
    written_in = content.language_for(language)
    words = content.words[written_in]
    at = (corrected_at or released_at).astimezone(ZoneInfo(facts.publish_zone))
    return {
        "number": "" if number is None else f"S-{number:04}",
        "language": written_in,
        "product": words.product,
        "heading": words.heading,
        "hazard": words.hazard,
        "affected": words.affected,
        "what_to_do": words.what_to_do,
        "remedy": words.remedy,
        "picture": picture,
        "agency": facts.agency,
        "source": facts.source_url,
        "contact": {"name": facts.contact_name, "phone": facts.contact_phone, "hours": facts.contact_hours},
        "released_at": released_at.isoformat(),
        "corrected_at": corrected_at.isoformat() if corrected_at else None,
        "day": dates.full_day(at.date(), language=written_in, with_year=True),
    }


def public_picture(slug: str, number: int, content: Content) -> str:
    """Address of a public notice's picture, another one after a correction; "" without one."""
    if content.facts.picture is None:
        return ""
    return f"{settings.ANSHIN_ADDRESS}/notices/v1/{slug}/pictures/{number}-{content.version}.jpg"


def picture_bytes(content: Content) -> tuple[bytes, str] | None:
    """The picture with its kind; None without one, and where its file is damaged."""
    blob = Blob.objects.filter(pk=content.facts.picture).first() if content.facts.picture is not None else None
    if blob is None:
        return None
    try:
        return read_bytes(blob), blob.kind
    except BlobDamaged:
        log.warning("The picture of a safety notice is damaged.")
        return None
