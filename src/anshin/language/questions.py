"""Finds what a customer asks, and which of it a reply leaves without a word. A hint for a person, who decides.

Two questions and one answer is what makes a customer write again. A reply touches a question when it says a word that
belongs to that question alone, or speaks of the same thing in other words (入荷 for 再販), or answers by number. Where
nothing but one thing is asked nobody is warned: はい、可能です answers it.
"""

# ruff: noqa: E501  (a pattern is read in one piece)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from anshin.language.content_words import meaning_words
from anshin.language.folding import fold
from anshin.language.names import katakana
from anshin.language.topics.cues import cues_in
from anshin.language.topics.features import own_words

MOST_QUESTIONS: Final = 8
LONGEST_QUOTE: Final = 120
_SENTENCE: Final = re.compile(r"[^。．！？!?\n]+[。．！？!?]*|\n")
_ASKS: Final = re.compile(
    r"[?？]\s*$"
    r"|(?:です|ます|でしょう|ません|ました|でした|ない|いい|よい|良い|る|た)か(?:ね|な|ねえ|しら)?[。．…\s]*$"
    r"|教えて(?:ください|下さい|いただ|頂|ほし|欲し|もらえ|くれ)|ご教示|ご教授"
    r"|(?:知りた|聞きた|お聞きした|伺いた|うかがいた|お尋ねした|確認した)い(?:です|の|こと|と|ん)"
    r"|(?:か|のか)(?:も|を)?(?:お知らせ|ご連絡|お返事)(?:ください|下さい|いただ|願)"
    r"|^(?:please |could you |can you |would you )+(?:tell|let me know|advise|confirm|explain)"
    r"|\b(?:i'd|i would) like to know\b|\bwondering (?:if|whether|when|how)\b|\bcan i\b|\bis it possible\b"
    r"|[吗嗎呢][。．]?$|请问|請問|请告知|請告知|能否|可否|是否"
    r"|(?:까요|나요|가요|은지요|는지요|을까|니까)[.。]?$|알려 ?주|궁금",
    re.IGNORECASE,
)
_MANNERS: Final = re.compile(
    r"(?:^|[、,]|一度|至急|早急に|早めに)\s*(?:ご?確認|ご?対応|ご?検討|ご?返信|ご?連絡|お?返事|ご?回答|お願い|よろしい|宜しい|大丈夫)"
    r"(?:の(?:ほど|程))?を?(?:お願い)?(?:し(?:て)?)?(?:いただけ|頂け|でき|もらえ|くださ)?(?:ます|ません|ない)?(?:でしょう|です)?か[。?？\s]*$"
    r"|いかがお過ごし|お元気|いつになったら|どうなって(?:い|る)|どういうこと|いい加減|ふざけ|無視"
)
_NUMBERED: Final = re.compile(r"^\s*(?:[(（]?[0-9]{1,2}[)）.．、:：]|[①-⑳]|[0-9]{1,2}つ目|Q[0-9]|A[0-9])", re.MULTILINE)
_NUMBER_AHEAD: Final = re.compile(r"^\s*(?:[(（]?[0-9]{1,2}[)）.．、:：]|[①-⑳])\s*")
_WHEN: Final = re.compile(
    r"いつ|何日|何時|どのくらい(?:で|待)|間に合|when\b|how long|in time\b|什么时候|什麼時候|几天|幾天|来得及|來得及|언제|며칠",
    re.IGNORECASE,
)
_A_TIME: Final = re.compile(
    r"[0-9]+\s*(?:月|日|時|営業日|週間|か月|ヶ月|:[0-9]{2}|days?|weeks?|天|周|週|일|주)|[0-9]/[0-9]|未定|上旬|中旬|下旬|明日|本日|今日|来週|今週"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|tomorrow|today|next week)\b",
    re.IGNORECASE,
)
_MEASURE: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:cm|mm|kg|ml|g|l|号|歳|枚|個|本)")
_HOW_MUCH: Final = re.compile(r"いくら|何円|料金|値段|金額|how much|多少钱|多少錢|얼마", re.IGNORECASE)
_A_SUM: Final = re.compile(r"[0-9]\s*円|[¥￥]\s*[0-9]|無料|日元|日圓|엔|free of charge|免费|免費|무료", re.IGNORECASE)
_POSTAGE: Final = re.compile(
    r"着払い|元払い|送料|配送料|postage|shipping (?:cost|fee)|pays? for|到付|运费|運費|邮费|郵費|배송비|착불",
    re.IGNORECASE,
)
_KIND_OF_SENTENCE: Final = frozenset(
    {"c:asks", "c:asks_how", "c:asks_when", "c:asks_leave", "c:can_it", "c:thanks", "c:has_it", "c:family", "c:trade"}
)


def _as_keys(words: str) -> frozenset[str]:
    return frozenset(katakana(fold(word)) for word in words.split())


_GENERAL: Final = _as_keys(
    """
教える 知る 聞く 伺う 尋ねる 確認 願う 御 返事 連絡 出来る 可能 事 物 方 為 場合 時 何 何時 何処 幾ら 思う 頂く 下さる 有る 無い
成る 居る 為る 言う 見る 良い 宜しい 大丈夫 様 店 御店 そちら こちら 質問 点 件 回答 解る 分かる 届く 貰う 致す 又 因みに 尚 他
商品 注文 今 今回 please tell could would know like there what when where which have does your about this that with will
order item
"""
)
"""Words that say nothing of what is asked."""


def questions_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Every question in the customer's messages in reading order, as it stands there; at most MOST_QUESTIONS.

    Mere manners (ご確認いただけますか) and what asks for nothing (どうなっているんですか) are none.
    """
    found: dict[str, None] = {}
    for text in texts:
        for match in _SENTENCE.finditer(own_words(text)):
            sentence = match.group().strip()
            if len(sentence) > 3 and _ASKS.search(sentence) and not _MANNERS.search(sentence):
                found.setdefault(sentence[:LONGEST_QUOTE])
    return tuple(found)[:MOST_QUESTIONS]


def unanswered(texts: Sequence[str], reply: str) -> tuple[str, ...]:
    """The questions that the reply does not touch; none where fewer than two are asked, or nothing is written."""
    questions = questions_in(texts)
    if len(questions) < 2 or not reply.strip() or len(_NUMBERED.findall(reply)) >= len(questions):
        return ()
    said, spoken = _words(reply), _cues(reply)
    words = [_words(_NUMBER_AHEAD.sub("", each)) - _GENERAL for each in questions]
    cues = [_cues(each) for each in questions]
    shared = Counter(word for each in words for word in each)
    shared_cues = Counter(cue for each in cues for cue in each)
    left = []
    for question, its_words, its_cues in zip(questions, words, cues, strict=True):
        own = {word for word in its_words if shared[word] == 1} or its_words
        own_cues = {cue for cue in its_cues if shared_cues[cue] == 1}
        if (own or own_cues) and not (own & said or own_cues & spoken or _answers_kind(question, questions, reply)):
            left.append(question)
    return tuple(left)


def _answers_kind(question: str, questions: Sequence[str], reply: str) -> bool:
    """Whether the only question of its kind (when, how much, who pays the postage) is answered by what tells of it."""
    for asks, answer in ((_WHEN, _A_TIME), (_HOW_MUCH, _A_SUM), (_POSTAGE, _POSTAGE)):
        if asks.search(question) and sum(1 for each in questions if asks.search(each)) == 1 and answer.search(reply):
            return True
    return False


def _words(text: str) -> set[str]:
    folded = fold(text)
    return meaning_words(folded) | set(_MEASURE.findall(folded))


def _cues(text: str) -> set[str]:
    folded = fold(text)
    return set(cues_in("", tuple(filter(None, re.split(r"[。!?\n]", folded))))) - _KIND_OF_SENTENCE
