"""How a person who is known by name can be called in a text: whole, by a part, before 様 only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anshin.language.names import is_company, split_honorific
from anshin.language.one_spelling import BOUNDARY, SPACES, one_spelling, squeezed, with_loose_marks

_BETWEEN: Final = re.compile(r"[\s・·.,、，'’=-]+")
_CALLED: Final = re.compile(
    r"\s*(?:様|サマ|サン|殿|氏|君|クン|チャン|先生|御中|デス|デゴザイマス|ト申|ト言|トイイ|ヨリ|拝)|\s*(?:$|\n|\x00)"
)
_KANJI: Final = re.compile("[\u3400-\u9fff々\U00020000-\U0003ffff]")
_KANA: Final = re.compile("[ァ-ヺー゛゜]+")
_IN_KATAKANA: Final = re.compile("[ァ-ヺーｦ-ﾟ]{2}")
_SHORT_KANA: Final = 3
"""A name of so many kana is not looked for inside of a longer word in katakana."""
_LEGAL_FORM: Final = re.compile(r"株式会社|有限会社|合同会社|\((?:株|有|同)\)|[㈱㈲]")
_NOBODY: Final = frozenset(
    one_spelling(each)
    for each in ("お客", "お客様", "客", "ご担当者", "担当者", "注文者", "購入者", "匿名", "customer", "no name", "-")
)
"""What stands in the place of a name and is none."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """Letters in one spelling without spaces. `only_before_title`: too short to be taken for the name anywhere."""

    letters: str
    only_before_title: bool

    def is_meant(self, plain: str, text: str, start: int, end: int) -> bool:
        """Whether what stands there in `plain`, the one spelling of `text`, is a name: not キャン in キャンセル."""
        if self.is_called(plain, start, end):
            return True
        is_piece = len(self.letters) <= _SHORT_KANA and bool(
            _IN_KATAKANA.fullmatch(text, end - 1, end + 1) or _IN_KATAKANA.fullmatch(text, max(start - 1, 0), start + 1)
        )
        return not (self.only_before_title or is_piece)

    @staticmethod
    def is_called(plain: str, start: int, end: int) -> bool:
        """Whether somebody is called so here: 林様, 林です, or nothing but the name."""
        if not _CALLED.match(plain, end):
            return False
        following = plain[end : end + 1]
        begins = start == 0 or plain[start - 1] in f"\n{BOUNDARY}" or plain[start - 1].isspace()
        return begins or following not in {"", "\n", BOUNDARY}


def forms_of(name: str) -> Iterator[NameForm]:
    """The forms in which the name is looked for; none for what is no name."""
    bare = one_spelling(split_honorific(name)[0])
    whole = squeezed(bare, SPACES).letters
    parts = [part for part in _BETWEEN.split(bare) if part]
    if whole in _NOBODY:
        return
    yield from _part(whole)
    if is_company(name):
        yield from _part(squeezed(_LEGAL_FORM.sub("", bare), SPACES).letters)
    elif len(parts) > 1:
        for part in parts:
            yield from _part(part)
    elif _KANJI.search(whole) and len(whole) >= 3:
        yield from _beginnings(whole)


def _part(part: str) -> Iterator[NameForm]:
    if part in _NOBODY or not part or (part.isascii() and (len(part) < 2 or part.isdigit())):
        return
    is_short = not part.isascii() and (len(part) < 2 or (len(part) < 3 and bool(_KANA.fullmatch(part))))
    yield from _both(part, only_before_title=is_short)


def _beginnings(whole: str) -> Iterator[NameForm]:
    """What could be the family name of a name written without a space; of four letters and more most likely two."""
    for length in range(1, len(whole)):
        yield NameForm(whole[:length], only_before_title=len(whole) < 4 or length != 2)
    yield NameForm(whole[2:], only_before_title=len(whole) < 4)


def _both(letters: str, *, only_before_title: bool) -> Iterator[NameForm]:
    yield NameForm(letters, only_before_title)
    loose = with_loose_marks(letters)
    if loose != letters:
        yield NameForm(loose, only_before_title)
