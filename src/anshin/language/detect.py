"""Which language a text is written in, guessed from its scripts; for routing, translation and the reply's language."""

import re
from dataclasses import dataclass
from typing import Final

_NOT_PROSE: Final = re.compile(r"https?://\S+|\S+@\S+|\S*[0-9０-９]\S*")
_KANA: Final = re.compile("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff6f\uff71-\uff9d]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD: Final = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+(?:['’][a-zA-Z]+)?")
_LONGEST_READ: Final = 20_000

# Characters that only one of the three writings uses; enough of the everyday ones that a sentence holds some.
_SIMPLIFIED_ONLY: Final = frozenset(
    "们这个为从发货单订购买卖样还没时间问题请谢对说话钱图广东车开关门长马电书见现产业务应头过进远运"
    "达选难边让认识语读"
    "谁课调证词试详误诉该评议记许访设论讲贝负责败账质贵费贸贺资赔赠赶较输轻载软转轮辆银错锁键镜铁钟针"
    "钢铜链顺须顾预领频题颜额飞饭饮馆驾验骗鱼鸟鸡黄齐龙龟习乐亲亿仅价众优传伤"
    "偿儿净减凤刘则刚创别剂动励劳势华协卫厂厅历压厌员听启吗呢响哪围园圆坏块处备复够妇妈实审"
    "宽将尔尘岁师带帮库弃张弹归"
)
_TRADITIONAL_ONLY: Final = frozenset(
    "們這個從發單賣樣還沒嗎呢麼您妳你說錢圖廣關產應當讓讀證轉輕鐵驗騙雞黃齊龍龜樂價眾傳體劃勞區醫廠廳歷壓聽團圍圓壞聲處夠媽"
    "實寶寬將爾屬歲帶彈歸於與萬會學國來兩號氣點總續經縣繳匯啟條檢櫃歐殘濟灣營狀獎畫當礙稅絕綠臺舊舉藥蘋裝覺觀變贊辦邊鄰雙雜靈顯"
)
_JAPANESE_ONLY: Final = frozenset(
    "円売対応発送込払届駅気様済検県図変戻働峠畑辻榊枠匂塀搾栃渋沢浜広桜栄営価仮帰観関歓権勧拡殻覚学岳楽缶陥団圧囲壱隠"
    "涙歩毎徳巣悪恵亜亀黒穂拝抜収従縦獣乗浄剰畳縄譲醸触嬢粛処証焼将奨称渉実釈写弐児雑蔵臓択滝単担遅痴"
    "鋳庁聴勅鎮塚逓鉄転"
    "伝灯当党盗闘独読悩脳廃麦髪蛮秘仏払併並辺弁豊翻万黙弥訳薬与予余誉揺謡来頼覧竜両猟塁類励礼霊隷齢暦歴恋錬炉労楼録湾"
) - frozenset("応発送渋涙巣悪恵称写単担遅当党独秘万与予余来竜礼炉類隠缶学团区体国塚并並弥頼暦歴浄辺処届")
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
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_OTHER_LATIN: Final = frozenset(_OTHER_LATIN_WORDS.split())


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
    match max(shares, key=lambda script: shares[script]):
        case "east":
            return _among_east_asian(prose, kana=kana, han=han, share=shares["east"], default=default)
        case "latin":
            return _among_latin(words, share=shares["latin"])
        case language:
            return LanguageGuess(language, round(shares[language], 2))


def _among_east_asian(prose: str, *, kana: int, han: int, share: float, default: str) -> LanguageGuess:
    if kana * 12 >= han and kana:
        return LanguageGuess("ja", round(share, 2))
    marks = {
        "zh-Hans": sum(character in _SIMPLIFIED_MARKS for character in prose),
        "zh-Hant": sum(character in _TRADITIONAL_MARKS for character in prose),
        "ja": sum(character in _JAPANESE_MARKS for character in prose) + 2 * kana,
    }
    ranked = sorted(marks.values(), reverse=True)
    if ranked[0] == ranked[1]:
        return LanguageGuess(default, 0.3)
    best = max(marks, key=lambda language: marks[language])
    return LanguageGuess(best, round(share * min(0.95, 0.5 + 0.1 * (ranked[0] - ranked[1])), 2))


def _among_latin(words: list[str], *, share: float) -> LanguageGuess:
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _OTHER_LATIN or not word.isascii() for word in words)
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


# A character written the same in two of the three tables tells nothing.
_SIMPLIFIED_MARKS: Final = _SIMPLIFIED_ONLY - _TRADITIONAL_ONLY - _JAPANESE_ONLY
_TRADITIONAL_MARKS: Final = _TRADITIONAL_ONLY - _SIMPLIFIED_ONLY - _JAPANESE_ONLY
_JAPANESE_MARKS: Final = _JAPANESE_ONLY - _SIMPLIFIED_ONLY - _TRADITIONAL_ONLY
