"""Looks through a 特定商取引法 page as it stands in a shop: does it say what the law wants about returns?

Source: 特定商取引に関する法律 第11条, 特定商取引に関する法律施行規則 (返品特約の表示), read 2026-11-26.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from anshin.returns.rules import policy_wording

_SECTION = re.compile(r"返品|返金|交換")
_ITEMS = (
    ("defects", re.compile(r"不良|不備|破損|欠陥|お?届け間違|誤送|誤配|違う商品|品違い|契約不適合")),
    ("mind", re.compile(r"お客(?:様|さま)(?:の)?(?:ご)?都合|自己都合|イメージ違い|ご都合|お気に召さ")),
    (
        "excluded",
        re.compile(
            r"(?:返品|交換|お受け|受け?付け)[^。\n]{0,30}(?:できません|できかね|いたしかね|致しかね|しておりません|ておりません|不可|お断り)"
            r"|(?:できない|お断りする|受け?付けない)(?:商品|場合|もの)|返品不可"
        ),
    ),
    ("postage", re.compile(r"(?:送料|返送料|運賃)[^。\n]{0,25}(?:負担|着払|元払|無料)")),
    ("period", re.compile(r"\d+\s*(?:日|週間|か月|ヶ月)")),
)


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """One thing the page has to say. `about` cites what is wrong where something is."""

    code: str
    ok: bool
    about: str = ""


def look_through(text: str) -> list[NoticeFinding]:
    """What a page says about returns and what it lacks; a page without returns fails as a whole."""
    plain = unicodedata.normalize("NFKC", text)
    if not _SECTION.search(plain):
        return [NoticeFinding("section", ok=False)]
    found = [NoticeFinding("section", ok=True)]
    found += [NoticeFinding(code, ok=bool(pattern.search(plain))) for code, pattern in _ITEMS]
    found += [
        NoticeFinding("start", ok=False, about=words) for words in policy_wording.periods_without_beginning(plain)
    ]
    found += [NoticeFinding("foreign_law", ok=False, about=words) for words in policy_wording.foreign_laws(plain)]
    found += [NoticeFinding("right_denied", ok=False, about=words) for words in policy_wording.denials(plain)]
    return found
