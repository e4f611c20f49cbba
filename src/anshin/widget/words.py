"""The few words of our own around a notice, in the languages of customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "ja": {"label": "商品の安全に関するお知らせ", "source": "公表元の全文", "contact": "お問い合わせ", "by": "公表"},
    "en": {
        "label": "Product safety notice",
        "source": "Full text",
        "contact": "Contact",
        "by": "Published",
    },
    "zh-Hans": {"label": "产品安全公告", "source": "发布机构全文", "contact": "联系方式", "by": "发布"},
    "zh-Hant": {"label": "商品安全公告", "source": "發布機關全文", "contact": "聯絡方式", "by": "發布"},
    "ko": {"label": "제품 안전 안내", "source": "발표 기관 전문", "contact": "문의처", "by": "발표"},
}


def words_of(language: str) -> Mapping[str, str]:
    """Label, link to the source, contact, and what stands before the day."""
    return _WORDS[language]
