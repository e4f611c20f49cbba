"""What a person's or company's name says by its letters alone; for avatars, matching, lists, letters."""

import re
import unicodedata
from typing import Final

from anshin.language.folding import fold

_HONORIFICS: Final = ("御中", "さま", "さん", "様", "殿")
_LATIN_TITLE: Final = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+", re.IGNORECASE)
_COMPANY: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益)?(?:社団|財団)法人|(?:学校|医療|宗教"
    r"|社会福祉|独立行政)法人"
    r"|特定非営利活動法人|npo法人|協同組合|\((?:株|有|同|資|名|社|財|医|学|福)\)|\b(?:inc|ltd|llc|gmbh"
    r"|corp|corporation|"
    r"company|limited|k\.k)\b|\bco\.",
    re.IGNORECASE,
)
_LEGAL_FORM_IN_FRONT: Final = re.compile(
    r"^(?:株式会社|有限会社|合同会社|合資会社|合名会社|\((?:株|有|同|資|名)\)|[㈱㈲])\s*"
)
_BETWEEN_NAMES: Final = re.compile(r"[\s・·.,、，'’=＝-]+")
_KANA_OR_HAN: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々]")

_TO_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_HIRAGANA: Final = {katakana: hiragana for hiragana, katakana in _TO_KATAKANA.items()}
_SMALL_TO_LARGE: Final = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOWEL_ROWS: Final = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリヰ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレヱ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL_OF: Final = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}


def split_honorific(name: str) -> tuple[str, str]:
    """The bare name, and the honorific behind it (様, さま, さん, 殿, 御中) or in front (Mr., Ms. …), or an empty one.

    A name that would be nothing without it, and a shop called 〜屋さん, stay whole.
    """
    trimmed = name.strip()
    for honorific in _HONORIFICS:
        bare = trimmed.removesuffix(honorific).rstrip()
        if bare and bare != trimmed and not (honorific == "さん" and bare.endswith("屋")):
            return bare, honorific
    title = _LATIN_TITLE.match(trimmed)
    if title and trimmed[title.end() :]:
        return trimmed[title.end() :], title.group().strip()
    return trimmed, ""


def is_company(name: str) -> bool:
    """Whether the name says itself that it is a company or corporation (株式会社, ㈱, 医療法人, Ltd.)."""
    return bool(_COMPANY.search(unicodedata.normalize("NFKC", name)))


def initial(name: str) -> str:
    """One character that stands for the name in an avatar: as written, Latin in upper case, `?` when there is none."""
    bare = _LEGAL_FORM_IN_FRONT.sub("", _narrow_brackets(split_honorific(name)[0]))
    for character in bare:
        if character.isalnum():
            return unicodedata.normalize("NFKC", character)[0].upper()[0]
    return "?"


def family_name(name: str) -> str | None:
    """The family name, guessed only for a Japanese name written with a space (柏木 由紀子 → 柏木); else None.

    A name in Latin letters gives None: its order is not known.
    """
    parts = split_honorific(name)[0].split()
    if len(parts) == 2 and all(_KANA_OR_HAN.search(part) for part in parts) and not is_company(name):
        return parts[0]
    return None


def same_person_name(one: str, other: str) -> bool:
    """Whether two spellings can be the same name: honorifics, spaces, widths, variant kanji and kana kind aside.

    Names in Latin letters may come in either order. Kanji against its reading is not decided here: False.
    """
    first, second = _name_parts(one), _name_parts(other)
    if not first or not second:
        return False
    if "".join(first) == "".join(second):
        return True
    return all(part.isascii() for part in first + second) and sorted(first) == sorted(second)


def katakana(text: str) -> str:
    """The text with its hiragana as katakana, one character for one."""
    return text.translate(_TO_KATAKANA)


def hiragana(text: str) -> str:
    """The text with its katakana as hiragana, one character for one; ヷ to ヺ and ー have none and stay."""
    return text.translate(_TO_HIRAGANA)


def reading_key(reading: str) -> str:
    """The reading as it is compared and searched: folded, katakana, without spaces and middle dots."""
    return "".join(_name_parts(reading))


def sort_key(reading: str) -> str:
    """A text whose code point order is the order of readings in a Japanese list.

    Family name first, then given name; small kana as large, voiced as plain, ー as the vowel before it; what is equal
    after that is ordered by the reading itself. To be sorted by code point (collation `C` on PostgreSQL).
    Source: JIS X 4061:1996 in outline (its levels of base letter, voicing and size; not its full rules for symbols).
    """
    shown = katakana(fold(reading))
    plain = unicodedata.normalize("NFD", shown).replace("\u3099", "").replace("\u309a", "").translate(_SMALL_TO_LARGE)
    base: list[str] = []
    for character in plain:
        base.append(_VOWEL_OF.get(base[-1], "ー") if character == "ー" and base else character)
    return "".join(base) + "\t" + shown


def _name_parts(name: str) -> list[str]:
    bare = katakana(fold(split_honorific(name)[0]))
    return [part for part in _BETWEEN_NAMES.split(bare) if part]


def _narrow_brackets(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")
