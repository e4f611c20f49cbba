"""Names of bank accounts in the letters that Japan's banks exchange: from what a person types to half-width kana.

Allowed are ｱ to ﾝ without ｦ and without small kana, ﾞ and ﾟ as letters of their own, A to Z, 0 to 9, space and ( ) - .

Sources: 全銀協制定ファイルフォーマット 総合振込 as published by 群馬銀行 (JIS X 0201, C items), PCA 全銀協使用可能文字
(letters and the four symbols), both read 2026-11-26; abbreviations of legal forms: 全銀システムの法人略語, general
knowledge.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from anshin.language.names import katakana

LONGEST_HOLDER: Final = 30
"""Bytes that a transfer file has for the name of the receiver."""

_SMALL: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_OLD: Final = str.maketrans("ヰヱヲ", "イエオ")
_LONG_MARKS: Final = str.maketrans(dict.fromkeys("ー―‐‑–—−－─━〜～~", "-"))
_DOTS: Final = str.maketrans({"・": ".", "．": ".", "･": ".", "。": ".", "（": "(", "）": ")", "　": " "})
_FULL: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_HALF: Final = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_TO_HALF: Final = str.maketrans(_FULL + "\u3099\u309a゛゜", _HALF + "ﾞﾟﾞﾟ")
_ALLOWED: Final = frozenset(_HALF + "ﾞﾟABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-.")
_MARKS: Final = "ﾞﾟ"
_VOICEABLE: Final = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_KANJI: Final = re.compile("[々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACES: Final = re.compile(r"\s+")
_FORMS: Final = (
    ("特定非営利活動法人", "トクテイヒエイリカツドウホウジン", "トクヒ"),
    ("社会福祉法人", "シヤカイフクシホウジン", "フク"),
    ("独立行政法人", "ドクリツギヨウセイホウジン", "ドク"),
    ("一般社団法人", "イツパンシヤダンホウジン", "シヤ"),
    ("公益社団法人", "コウエキシヤダンホウジン", "シヤ"),
    ("一般財団法人", "イツパンザイダンホウジン", "ザイ"),
    ("公益財団法人", "コウエキザイダンホウジン", "ザイ"),
    ("社団法人", "シヤダンホウジン", "シヤ"),
    ("財団法人", "ザイダンホウジン", "ザイ"),
    ("医療法人", "イリヨウホウジン", "イ"),
    ("宗教法人", "シユウキヨウホウジン", "シユウ"),
    ("学校法人", "ガツコウホウジン", "ガク"),
    ("株式会社", "カブシキガイシヤ", "カ"),
    ("有限会社", "ユウゲンガイシヤ", "ユ"),
    ("合名会社", "ゴウメイガイシヤ", "メ"),
    ("合資会社", "ゴウシガイシヤ", "シ"),
    ("合同会社", "ゴウドウガイシヤ", "ド"),
)
_SIGNS: Final = str.maketrans({"㈱": "株式会社", "㈲": "有限会社", "㈴": "合名会社", "㍿": "株式会社"})
_SHORT_SIGNS: Final = (("(株)", "株式会社"), ("(有)", "有限会社"), ("(同)", "合同会社"), ("(名)", "合名会社"))


@dataclass(frozen=True, slots=True)
class HolderName:
    """A name as banks write it, and what was changed on the way there.

    Shapes: `changes` are codes: kana, small, long_mark, wo, capitals, legal_form, cut; empty when only widths changed.
    """

    letters: str
    changes: tuple[str, ...]


class NotAHolderName(ValueError):
    """The text cannot be the name of an account. `reason`: empty, kanji, letter; `letters` are those in the way."""

    def __init__(self, reason: str, letters: str = "") -> None:
        self.reason, self.letters = reason, letters
        super().__init__(f"{reason}: {letters}")


def holder_name(text: str, *, most: int = LONGEST_HOLDER) -> HolderName:
    """The name of an account's holder in the letters of banks, at most so many bytes. Raises NotAHolderName."""
    changes: list[str] = []
    composed = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    composed = _SPACES.sub(" ", composed.translate(_DOTS)).strip()
    bare = _with_short_forms(composed, changes)
    if found := "".join(dict.fromkeys(_KANJI.findall(bare))):
        raise NotAHolderName("kanji", found)
    for code, change in _STEPS:
        former, bare = bare, change(bare)
        if bare != former:
            changes.append(code)
    letters = zengin_letters(bare)
    if wrong := "".join(dict.fromkeys(letter for letter in letters if letter not in _ALLOWED)):
        raise NotAHolderName("letter", wrong)
    if not any(letter.isalnum() for letter in letters):
        raise NotAHolderName("empty")
    if not is_allowed(letters):
        raise NotAHolderName("letter", "゛゜")
    fitted = fit(letters, most)
    if fitted != letters:
        changes.append("cut")
    return HolderName(fitted, tuple(dict.fromkeys(changes)))


def zengin_letters(text: str) -> str:
    """Katakana of any width as banks write it; what has no such letter stays as it is."""
    composed = unicodedata.normalize("NFKC", text).translate(_SMALL).translate(_OLD).translate(_LONG_MARKS)
    return unicodedata.normalize("NFD", composed).translate(_TO_HALF).upper()


def fit(letters: str, most: int) -> str:
    """The first so many letters, never with a ﾞ or ﾟ cut off its kana: then that kana is left out, too."""
    kept = letters[:most]
    if len(letters) > most and letters[most] in _MARKS and kept[-1:] in _VOICEABLE:
        kept = kept[:-1]
    return kept.rstrip()


def shown(letters: str) -> str:
    """Half-width kana as people read it: ｶｼﾜｷﾞ ﾕｷｺ as カシワギ ユキコ."""
    return unicodedata.normalize("NFKC", letters)


def is_allowed(letters: str) -> bool:
    """Whether the text consists of letters that banks exchange, with ﾞ and ﾟ only behind kana that take them."""
    before = ""
    for letter in letters:
        if letter not in _ALLOWED or (letter in _MARKS and before not in _VOICEABLE):
            return False
        before = letter
    return True


def _with_short_forms(text: str, changes: list[str]) -> str:
    """Legal forms as banks shorten them: カ) in front, (カ at the end, (カ) between."""
    for sign, form in _SHORT_SIGNS:
        text = text.replace(sign, form)
    kana = katakana(text).translate(_SMALL)
    for kanji, reading, short in _FORMS:
        for form in (kanji, reading):
            place = kana.find(form)
            if place < 0:
                continue
            before, after = kana[:place].rstrip(), kana[place + len(form) :].lstrip()
            text_before, text_after = text[:place].rstrip(), text[place + len(form) :].lstrip()
            changes.append("legal_form")
            if not before:
                return f"{short}){text_after}"
            return f"{text_before}({short}){text_after}" if after else f"{text_before}({short}"
    return text


_STEPS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("kana", katakana),
    ("small", lambda text: text.translate(_SMALL)),
    ("long_mark", lambda text: text.translate(_LONG_MARKS)),
    ("wo", lambda text: text.translate(_OLD)),
    ("capitals", str.upper),
)
