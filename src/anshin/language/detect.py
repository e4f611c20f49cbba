"""Which language a text is written in, guessed from its scripts; for routing, translation and the reply's language."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NOT_PROSE: Final = re.compile(r"https?://\S+|[!-~]+@[!-~]+|[!-~]*[0-9０-９][!-~]*")
_KANA: Final = re.compile("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff6f\uff71-\uff9d]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD: Final = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+(?:['’][a-zA-Z]+)?")
_LONGEST_READ: Final = 20_000

# What is said in Chinese and not written in Japanese, whatever the characters' form; and the other way round.
_CHINESE_WORDS: Final = re.compile(
    "[我你您妳她咱们們吗嗎呢吧呀啦嘛么麼咋哪怎这這没沒给給把很啥咗唔嘅喺啲哋嚟冇佢啱攞畀俾咁仲邊][^一-龥]?|(?<![完終修満未])了(?![承解])"
    "|[不没沒](?:能|是|要|到|了|会|會|想|對|对|了解)|可以|还是|還是|什么|什麼|的(?=[^一-龥]|$|[一-龥]{2,})|已[经經]|，"
    "|退[货貨款回]|[订訂][单單购購]|下[单單]|寄(?!付|贈|与|稿|生|席|港)|收[到件货貨據据]|密[码碼]|地址|公司|多少|多久|[几幾][时時多個个]|[两兩]"
    "|改[成為为到]|[换換]成|想(?![い像定起])|[请請](?!求|負|け)|[谢謝]{2}|[多感][谢謝恩]|[颜顏]色|尺寸|照片|[图圖]片|[发發]票|抽[奖獎]|[优優]惠|折扣|登[录錄入]"
    "|[账賬帳帐][号號户戶]|手[机機]|快[递遞]|[一二三四五六七八九十][个個次號号]|[运運]費多|不(?=[，。？！,?!]|$)|好不好|能不能|一下|星期|禮拜|礼拜|广告|配送的|新家"
)
_JAPANESE_WORDS: Final = re.compile(
    "返品|返金|返送|注文|発送|希望|至急|未着|納品|宛名|株式会社|有限会社|合同会社|購入|支払|荷物|在庫|不具合|故障|解約|領収|受領|本日|質問|製品|交換希望"
    "|再送|請求書|担当|様|円|連絡|対応|届|御中|当方|当店|貴社|弊社|未確認|未返金|不良品|配達|振込|商品券|払"
)
_CANTONESE: Final = re.compile("[唔咗嘅喺啲哋嚟冇佢啱攞畀俾]")
_NAMED: Final = re.compile("「[^」]{0,40}」|『[^』]{0,40}』|（[^）]{0,40}）|“[^”]{0,40}”")
_ENGLISH_WORDS: Final = """
the and you is are was to of my for have has not it this that with please i we your order item can
could would but from thank thanks hello hi dear regards received return refund be in on a an when
what how where if do did does any there will been
"""
_OTHER_LATIN_WORDS: Final = """
le la les des une je vous pas est pour bonjour merci und der die das ich nicht ist mit bitte danke
el los las una que por con para hola gracias não uma você obrigado il che non per grazie ciao ik het
een niet van met xin toi khong terima kasih saya
"""
# Japanese in Roman letters: what only it says, and small words that count beside those.
_ROMANISED_WORDS: Final = """
desu masu masen mashita deshita kudasai onegai onegaishimasu shimasu shimashita arimasu arimasen arigatou arigato
gozaimasu konnichiwa sumimasen watashi chuumon nimotsu todokimasen kimasen wakarimasen hoshii dekimasu irimasen
"""
_ROMANISED_PARTICLES: Final = frozenset(["wa", "ga", "wo", "ka", "ni", "mo", "kara", "made", "yo", "ne"])
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_OTHER_LATIN: Final = frozenset(_OTHER_LATIN_WORDS.split())
_ROMANISED: Final = frozenset(_ROMANISED_WORDS.split())


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """`language`: ja, en, zh-Hans, zh-Hant, ko or other. `certainty`: 0.0 (nothing to go by) to 1.0."""

    language: str
    certainty: float


def guess_language(text: str, *, default: str = "ja") -> LanguageGuess:
    """The language most of the text is written in; the shop's `default` where the scripts do not tell.

    Addresses, links and order numbers do not count, so an English mail with a Japanese signature line stays English.
    Limits: reads the first 20,000 characters.
    """
    prose = _NOT_PROSE.sub(" ", text[:_LONGEST_READ])
    kana, hangul, han = (len(script.findall(prose)) for script in (_KANA, _HANGUL, _HAN))
    words = [word.casefold() for word in _LATIN_WORD.findall(prose)]
    unknown = _unknown_script_letters(prose)
    # A Latin word says about as much as two kana or kanji.
    total = kana + hangul + han + 2 * len(words) + unknown
    if not total:
        return LanguageGuess(default, 0.0)
    shares = {
        "east": (kana + han) / total,
        "ko": hangul / total,
        "latin": 2 * len(words) / total,
        "other": unknown / total,
    }
    if hangul and hangul >= kana and (hangul + han) / total >= 0.4:
        return LanguageGuess("ko", round((hangul + han) / total, 2))
    script = max(shares, key=lambda script: shares[script])
    if script == "latin" and kana + han >= 2 and sum(word in _ENGLISH for word in words) < 2:
        script = "east"  # names of products and error messages between Japanese words
    match script:
        case "east":
            return _among_east_asian(prose, share=max(shares["east"], 0.5), default=default)
        case "latin":
            return _among_latin(words, share=shares["latin"])
        case language:
            return LanguageGuess(language, round(shares[language], 2))


def _among_east_asian(prose: str, *, share: float, default: str) -> LanguageGuess:
    outside = _NAMED.sub(" ", prose)  # a Japanese shop's or product's name inside a Chinese sentence
    if len(_HAN.findall(outside)) >= 6:
        prose = outside
    kana, han = len(_KANA.findall(prose)), _HAN.findall(prose)
    forms = Counter(_form(character) for character in han)
    if kana and kana * 12 >= len(han) and forms["simplified"] * 4 < kana:
        return LanguageGuess("ja", round(share, 2))
    spoken = len(_CHINESE_WORDS.findall(prose)) if kana < 4 else 0
    marks = {
        "zh-Hans": forms["simplified"] + forms["simplified or Japanese"] / 2 + spoken,
        "zh-Hant": forms["traditional"]
        + forms["traditional or Japanese"] / 2
        + spoken
        + len(_CANTONESE.findall(prose)),
        "ja": 2 * forms["Japanese"]
        + len(_JAPANESE_WORDS.findall(prose))
        + (forms["simplified or Japanese"] + forms["traditional or Japanese"]) / 2
        + 2 * kana,
    }
    best = max(marks, key=lambda language: marks[language])
    lead = marks[best] - max(marks[language] for language in marks if language != best)
    if not marks[best] or (lead == 0 and not spoken):
        return LanguageGuess(default, 0.3)
    return LanguageGuess(best, round(share * min(0.95, 0.5 + 0.1 * lead), 2))


@lru_cache(maxsize=8_192)
def _form(character: str) -> str:
    """Which of the three writings has the character; "" where that does not tell. Source: the national code tables."""
    simplified, traditional, japanese = (_is_in(character, table) for table in ("gb2312", "big5hkscs", "cp932"))
    if traditional and not simplified and japanese and _is_rare_in_japanese(character):
        japanese = False
    match simplified, traditional, japanese:
        case True, False, False:
            return "simplified"
        case True, False, True:
            return "simplified or Japanese"
        case False, True, False:
            return "traditional"
        case False, True, True:
            return "traditional or Japanese"
        case False, False, True:
            return "Japanese"
    return ""


def _is_rare_in_japanese(character: str) -> bool:
    """Whether it stands in the second level of JIS X 0208, where the old forms are (國, 會); level 1 ends at row 47."""
    code = character.encode("cp932")
    return len(code) == 2 and code >= b"\x98\x9f"


def _is_in(character: str, table: str) -> bool:
    try:
        character.encode(table)
    except UnicodeEncodeError:
        return False
    return True


def _among_latin(words: list[str], *, share: float) -> LanguageGuess:
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _OTHER_LATIN or not word.isascii() for word in words)
    romanised = sum(word in _ROMANISED for word in words)
    if romanised:
        romanised += sum(word in _ROMANISED_PARTICLES for word in words)
    if romanised > max(english, foreign):
        return LanguageGuess("ja", round(share * min(1.0, 0.5 + romanised / len(words)), 2))
    if english > foreign:
        return LanguageGuess("en", round(share * min(1.0, 0.5 + english / len(words)), 2))
    if foreign:
        return LanguageGuess("other", round(share * min(1.0, 0.5 + foreign / len(words)), 2))
    return LanguageGuess("en", 0.3)


def _unknown_script_letters(prose: str) -> int:
    known = sum(len(word) for word in _LATIN_WORD.findall(prose))
    letters = sum(character.isalpha() for character in prose)
    east = sum(len(script.findall(prose)) for script in (_KANA, _HANGUL, _HAN))
    return max(0, letters - known - east - prose.count("ー") - prose.count("々") - prose.count("\uff70"))
