"""What may not stand in a shop's own words about returns: a period without a beginning, foreign law, a right denied.

Works on Japanese and English sentences; a hint for a person, never a judgement of law.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。．.!?\n]+[。．.!?]?")
_PERIOD = re.compile(
    r"\d+\s*(?:日|週間|か月|ヶ月|カ月)(?:間)?\s*(?:以内|以降|まで|を過ぎ)|within \d+ (?:days|weeks)", re.IGNORECASE
)
_BEGINNING = re.compile(
    r"到着|お?届け|受け?取|受領|納品|お?手元|注文|購入|お?買い?上げ|発送|出荷|引渡|deliver|receiv|receipt|purchase|order|ship",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"米国(?:の)?(?:連邦|州)?(?:消費者)?(?:保護)?(?:法|規則)|アメリカ(?:合衆国)?(?:の)?(?:連邦|州)?(?:消費者)?(?:保護)?法|連邦取引委員会|統一商事法典|マグナソン|レモン法"
    r"|(?:カリフォルニア|ニューヨーク|テキサス|デラウェア)州法?|英国(?:の)?(?:消費者)?(?:権利)?法|EU(?:の)?(?:消費者|指令|法)|欧州(?:連合)?(?:の)?(?:消費者|指令)|ドイツ(?:の)?民法"
    r"|中国(?:の)?消費者|消費者权益保护法|(?<![A-Za-z])(?:FTC|UCC)(?![A-Za-z])"
    r"|Uniform Commercial Code|Magnuson|Lemon Law|Consumer Rights (?:Act|Directive)"
    r"|(?:California|New York|Delaware|Texas) law|state law|federal law",
    re.IGNORECASE,
)
_NO = (
    r"(?:でき(?:ません|ない|かね)|致しかね|いたしかね|しかね|お?受け(?:しません|できません|致しません|いたしません|しておりません)"
    r"|受け?付け(?:ません|ておりません|られません|ない)|応じ(?:ません|られません|かね)|不可|お断り|しません|致しません|いたしません|行っておりません)"
)
_MONEY_BACK = r"(?:返品|返金|交換|修理|キャンセル|対応|補償)"
_FAULT = r"(?:不良|不備|欠陥|故障|破損|壊れ|傷|お?届け間違|誤送|誤配|違う商品|別の商品)"
_DENIALS = (
    re.compile(
        rf"{_FAULT}[^。\n]{{0,20}}(?:でも|であっても|であろうと|だとしても|場合も|場合でも|ていても)"
        rf"[^。\n]{{0,20}}{_MONEY_BACK}[^。\n]{{0,15}}{_NO}"
    ),
    re.compile(
        rf"(?:いかなる|どのような|どんな|如何なる)[^。\n]{{0,12}}(?:も|でも|あっても)[^。\n]{{0,25}}{_MONEY_BACK}[^。\n]{{0,15}}{_NO}"
    ),
    re.compile(rf"(?:一切|いっさい)[^。\n]{{0,15}}{_MONEY_BACK}[^。\n]{{0,15}}{_NO}"),
    re.compile(rf"{_MONEY_BACK}[^。\n]{{0,12}}(?:一切|いっさい)[^。\n]{{0,15}}{_NO}"),
    re.compile(
        r"no (?:refunds|returns)[^.\n]{0,30}(?:under any|any circumstances|even if (?:defective|damaged))",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:cannot|can't|do not|don't|will not) (?:refund|exchange|replace|accept)[^.\n]{0,40}"
        r"(?:even if|defective|damaged|under any)",
        re.IGNORECASE,
    ),
    re.compile(r"all sales are final", re.IGNORECASE),
)
_LAWFUL = re.compile(
    r"都合|気が変わ|イメージ違い|除き|除いて|以外|場合を除|except|unless|chang(?:e|ed) (?:my|your|their|of) mind",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[?？]\s*$|(?:でしょうか|ですか|ますか)[。.]?\s*$")


def periods_without_beginning(text: str) -> list[str]:
    """“7日以内に” in a sentence that does not say from when the days count."""
    return [
        match.group()
        for line in _sentences(text)
        for match in [_PERIOD.search(line)]
        if match and not _BEGINNING.search(line)
    ]


def foreign_laws(text: str) -> list[str]:
    """Law that does not hold for a shop in Japan, as it is cited."""
    return [match.group() for match in _FOREIGN.finditer(_plain(text))]


def denials(text: str) -> list[str]:
    """Sentences that deny what the law gives a buyer: a remedy for what does not conform to the contract.

    A sentence about a change of mind, or one that excepts defects, denies nothing. Questions are not statements.
    Source: Civil Code of Japan, articles 562 to 564; 消費者契約法 第8条 (clauses that exclude all liability are void).
    """
    return [
        line.strip()
        for line in _sentences(text)
        if any(each.search(line) for each in _DENIALS) and not _LAWFUL.search(line) and not _ASKED.search(line)
    ]


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(_plain(text)):
        yield match.group()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
