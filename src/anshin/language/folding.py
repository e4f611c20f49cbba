"""Folds text so that two spellings of the same thing compare equal; for every room that matches what people typed."""

import re
import unicodedata
from typing import Final

from anshin.language.kanji_variants import STANDARD_FORM

_HYPHENS: Final = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u2500\u2501\ufe58\ufe63\uff0d"
_SPACES: Final = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_HALF_WIDTH: Final = (
    {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
    | dict.fromkeys(map(ord, _HYPHENS), ord("-"))
    | dict.fromkeys(map(ord, _SPACES), ord(" "))
)
_BEFORE_NFKC: Final = dict.fromkeys(map(ord, _HYPHENS), "-") | {
    0x309B: "\u3099",  # spacing voiced mark: NFKC would put a space in front of it
    0x309C: "\u309a",
    0x301C: "~",
}
_UNSEEN: Final = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_SETTLED: Final = re.compile(
    "[ !-,./-@\\[-~\u3001\u3002\u3005\u300c-\u300f\u3041-\u3096\u30a1-\u30fa\u30fb\u30fc\u4e00-\u9fff]*"
)
"""What one turn of folding leaves as it is: hardly any text needs a second one to be sure."""
_LONG_MARK_AS_HYPHEN: Final = re.compile("(?<=[0-9a-zA-Z])[ー\uff70](?=[0-9a-zA-Z])")
_HYPHEN_AS_LONG_MARK: Final = re.compile("(?<=[ァ-ヺー])-(?![0-9a-z-])")


def fold(text: str) -> str:
    """The text as it is compared: never shown, never stored as what somebody wrote.

    One width (NFKC), lower case, half-width kana joined with its dakuten, one hyphen, variant kanji in their
    standard form, unseen characters gone, white space as single spaces without ends. Folding twice changes nothing.
    A hyphen typed for the long mark in katakana (ｺ-ﾋ-, usual in bank data) becomes ー; hiragana stays hiragana.
    """
    previous, folded = "", text
    while folded != previous:
        previous, folded = folded, _fold_once(folded)
        if _SETTLED.fullmatch(folded):
            break
    return folded


def half_width(text: str) -> str:
    """The text with full-width ASCII, hyphens and spaces in their plain form, of exactly the same length.

    Offsets into the answer are offsets into the text, which is what finders need to say where they found something.
    """
    return _LONG_MARK_AS_HYPHEN.sub("-", text.translate(_HALF_WIDTH))


def digits_only(text: str) -> str:
    """The decimal digits of the text as 0–9, whatever their width or script; ② and ² are not digits."""
    values = (unicodedata.decimal(character, None) for character in text)
    return "".join(str(value) for value in values if value is not None)


def _fold_once(text: str) -> str:
    seen = _UNSEEN.sub("", text.translate(_BEFORE_NFKC))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    standard = plain.translate(STANDARD_FORM)
    hyphened = _HYPHEN_AS_LONG_MARK.sub("ー", _LONG_MARK_AS_HYPHEN.sub("-", standard))
    return " ".join(hyphened.split())
