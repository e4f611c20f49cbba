"""Whether a text speaks of “buy the goods, promote them on social media, get the price and a reward back”.

The offer comes from a third party; the buyer pays the shop, and the third party pays neither price nor reward. Words
alone prove nothing: they are read beside an order, or to offer a macro that a person chooses.

Source: the pattern as the National Consumer Affairs Center of Japan warned of it on 2019-04-11; the words are our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_MOST_CHARS: Final = 20_000


class PromotionSign(StrEnum):
    """What of the offer a text names."""

    REWARD = "reward"
    PROXY = "proxy"
    PROMOTION = "promotion"
    MONEY_BACK = "money_back"


@dataclass(frozen=True, slots=True)
class SignFound:
    """A sign, and the words that are it, as they stand in the text."""

    sign: PromotionSign
    words: str


STRONG: Final = frozenset({PromotionSign.REWARD, PromotionSign.PROXY})
"""Signs that hardly anybody writes who buys presents for many people; the others need a second one."""

_WORDS: Final[Mapping[PromotionSign, re.Pattern[str]]] = MappingProxyType(
    {
        PromotionSign.REWARD: re.compile(
            r"報酬|モニター料|キックバック|报酬|佣金|酬劳|酬勞|(?<!유지)보수(?=[를금])|사례금"
            r"|\brewards?\b(?!\s*(?:points?|program|card|member))|\bearn\w* [^.\n]{0,20}commission|\bget paid\b"
        ),
        PromotionSign.PROXY: re.compile(r"代理購入|代理で購入|代理购买|代理購買|대리 ?구매|\bbuy(?:ing)? on behalf\b"),
        PromotionSign.PROMOTION: re.compile(
            r"(?:宣伝|拡散)(?=[しす]|の?(?:お?仕事|モニター|バイト|アルバイト|副業|案件)|を(?:頼|依頼|す))|インフルエンサー"
            r"|(?:sns|インスタ\w{0,4}|tiktok)[にへで]\S{0,8}投稿|宣传|推广|宣傳|推廣|网红|網紅|홍보|인플루언서"
            r"|\bpromot(?:e|es|ing)\b|\binfluencers?\b"
        ),
        PromotionSign.MONEY_BACK: re.compile(
            r"(?:代金|購入額|全額)(?:(?!返金|返品)[^。\n]){0,16}(?:戻って|戻る|返ってく|振り込まれ|キャッシュバック)"
            r"|全额返还|全額返還|货款.{0,6}返|貨款.{0,6}返|대금.{0,8}돌려|전액.{0,8}돌려"
            r"|\b(?:money|price|cost)\b[^.\n]{0,30}\b(?:back|reimbursed)\b"
        ),
    }
)


def promotion_signs(text: str) -> tuple[SignFound, ...]:
    """Every sign in the text once, with the first words that are it."""
    read = unicodedata.normalize("NFKC", text[:_MOST_CHARS]).casefold()
    return tuple(SignFound(sign, found.group()) for sign, words in _WORDS.items() if (found := words.search(read)))


def speaks_of_offer(signs: tuple[SignFound, ...]) -> bool:
    """Whether the signs together tell of the offer, without any order beside them: two different ones."""
    return len({found.sign for found in signs}) > 1
