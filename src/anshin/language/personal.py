"""Finds what tells who somebody is in a text, and puts marks in its place; for staff who may not know.

What a shop knows of a person (names, addresses, numbers) is found however it is spelled: spaces, widths, kana, variant
kanji, hyphens. Mail addresses, telephone numbers, postcodes, Japanese addresses, bank accounts and a customer's own
pages are found by their shape, whoever they belong to. A name that nobody knows is found before 様 only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anshin.language.called_names import called_names
from anshin.language.cut_off import Beginnings
from anshin.language.folding import digits_only
from anshin.language.name_forms import NameForm, forms_of
from anshin.language.one_spelling import BOUNDARY, EVERYTHING_ELSE, SPACES, Squeezed, one_spelling, squeezed

MARK: Final = "●"
_PREFECTURES: Final = (
    "北海道|東京都|大阪府|京都府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野"
    "|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島"
    "|沖縄)県"
)
_MAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/?^_`{|}~=-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PHONE: Final = re.compile(
    r"(?<![0-9a-z-])(?:\+81[- ]?(?:\(0\))?|\(?0)[0-9]{1,4}[-() .]{0,2}[0-9]{1,4}[-() .]{0,2}[0-9]{3,4}(?![0-9a-z-])"
)
_POSTCODE: Final = re.compile(r"〒 ?[0-9]{3}-?[0-9]{4}|(?<![0-9a-z-])[0-9]{3}-[0-9]{4}(?![0-9a-z-])")
_IN_FRONT: Final = re.compile(rf"^(?:{_PREFECTURES})")
_CITY: Final = re.compile(r"^[^0-9]{1,8}?[市区町村郡](?=.{3})")
_NUMBERS_BEHIND: Final = re.compile(r"[0-9].*$")
_ADDRESS: Final = re.compile(
    rf"(?:{_PREFECTURES})[^\s\x00、。,<>「」()]{{1,12}}?[市区町村郡][^\n\x00、。,<>「」()]{{1,60}}"
)
_ACCOUNT: Final = re.compile(r"(?:口座番号|口座|普通|当座|貯蓄|記号|店番)[^0-9\n\x00]{0,10}([0-9]{5,8})(?![0-9])")
_PAGE: Final = re.compile(r"https?://[^\s\x00<>\"'、。]*?/p/[a-z0-9_-]+/[^\s\x00<>\"'、。)」]*", re.IGNORECASE)


class PersonalKind(StrEnum):
    """What tells of somebody."""

    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"
    POSTCODE = "postcode"
    ADDRESS = "address"
    ACCOUNT = "account"
    PAGE = "page"
    FILE = "file"  # a file's name, which may be anything


MARKS: Final = {
    PersonalKind.NAME: MARK * 2,
    PersonalKind.MAIL: f"{MARK * 2}@{MARK * 2}",
    PersonalKind.PHONE: f"{MARK * 3}-{MARK * 4}-{MARK * 4}",
    PersonalKind.POSTCODE: f"{MARK * 3}-{MARK * 4}",
    PersonalKind.ADDRESS: MARK * 6,
    PersonalKind.ACCOUNT: MARK * 7,
    PersonalKind.PAGE: f"https://{MARK * 4}",
    PersonalKind.FILE: MARK * 4,
}


@dataclass(frozen=True, slots=True)
class Known:
    """Something that a shop knows of a person, as it is written there."""

    kind: PersonalKind
    text: str


class Shapes(StrEnum):
    """Whether things are found by their shape, too, or only what is known."""

    FOUND = "found"
    LEFT = "left"


class Veil:
    """Puts marks in the place of what is known of some people. `kept`: mail addresses that stay, the shop's own.
    `marks`: others than the usual ones."""

    def __init__(
        self,
        known: Iterable[Known],
        *,
        kept: Collection[str] = (),
        marks: Mapping[PersonalKind, str] = MARKS,
        shapes: Shapes = Shapes.FOUND,
    ) -> None:
        self._marks = marks
        self._kept = frozenset(one_spelling(mail) for mail in kept)
        self._shapes = shapes
        self._names: dict[str, NameForm] = {}
        self._loose: dict[str, PersonalKind] = {}
        self._tight: dict[str, PersonalKind] = {}
        for each in known:
            self._learn(each)
        self._cut_off = self._beginnings()

    def over(self, text: str) -> str:
        """The text with a mark in each place; the text itself where there is none."""
        pieces, last = [], 0
        for start, end, mark in self.places(text):
            pieces += [text[last:start], mark]
            last = end
        return "".join([*pieces, text[last:]]) if pieces else text

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and mark of every place, in reading order, without overlaps."""
        plain = one_spelling(text)
        found = sorted(self._found(plain, text), key=lambda place: (place[0], -place[1]))
        joined: list[tuple[int, int, str]] = []
        for start, end, kind in found:
            if joined and start < joined[-1][1]:
                before = joined[-1]
                joined[-1] = (before[0], max(before[1], end), before[2])
            else:
                joined.append((start, end, self._marks[kind]))
        return joined

    def is_initial(self, character: str) -> bool:
        """Whether one of the names begins with this character."""
        return any(name.startswith(one_spelling(character)) for name in self._names) if character else False

    def _learn(self, known: Known) -> None:
        if known.kind == PersonalKind.NAME:
            for form in forms_of(known.text):
                if form.letters not in self._names or not form.only_before_title:
                    self._names[form.letters] = form
        elif known.kind in {PersonalKind.MAIL, PersonalKind.FILE}:
            self._loose |= dict.fromkeys(filter(None, [squeezed(one_spelling(known.text), SPACES).letters]), known.kind)
        else:
            of_kind = _pieces_of_address if known.kind == PersonalKind.ADDRESS else _spelled_numbers
            self._tight |= dict.fromkeys(of_kind(known), known.kind)

    def _beginnings(self) -> tuple[Beginnings, ...]:
        names = Beginnings(least=2, without=SPACES)
        names.learn((letters, PersonalKind.NAME) for letters, form in self._names.items() if not form.only_before_title)
        loose, tight = Beginnings(least=3, without=SPACES), Beginnings(least=4, without=EVERYTHING_ELSE)
        loose.learn((letters, kind) for letters, kind in self._loose.items() if kind == PersonalKind.MAIL)
        tight.learn(self._tight.items())
        return names, loose, tight

    def _found(self, plain: str, text: str) -> Iterator[tuple[int, int, PersonalKind]]:
        loose, tight = squeezed(plain, SPACES), squeezed(plain, EVERYTHING_ELSE)
        for letters, form in self._names.items():
            for start, end in _everywhere(letters, loose, plain):
                if form.is_meant(plain, text, start, end):
                    yield start, end, PersonalKind.NAME
        for letters, kind in self._loose.items():
            yield from ((*place, kind) for place in _everywhere(letters, loose, plain))
        for letters, kind in self._tight.items():
            yield from ((*place, kind) for place in _everywhere(letters, tight, plain))
        for beginnings in self._cut_off:
            yield from ((start, end, PersonalKind(kind)) for start, end, kind in beginnings.at_ends(plain))
        if self._shapes == Shapes.FOUND:
            yield from self._by_shape(plain)
            yield from ((*place, PersonalKind.NAME) for place in called_names(text))

    def _by_shape(self, plain: str) -> Iterator[tuple[int, int, PersonalKind]]:
        if "@" in plain:
            for mail in _MAIL.finditer(plain):
                if mail.group() not in self._kept:
                    yield *mail.span(), PersonalKind.MAIL
        for phone in _PHONE.finditer(plain):
            if _is_phone(phone.group()):
                yield *phone.span(), PersonalKind.PHONE
        shapes = ((_POSTCODE, PersonalKind.POSTCODE), (_ADDRESS, PersonalKind.ADDRESS), (_PAGE, PersonalKind.PAGE))
        for pattern, kind in shapes:
            yield from ((*place.span(), kind) for place in pattern.finditer(plain))
        yield from ((*place.span(1), PersonalKind.ACCOUNT) for place in _ACCOUNT.finditer(plain))


def each_over(veil: Veil, texts: Iterable[str]) -> list[str]:
    """The texts with marks, looked through at once: for the many small texts of a page."""
    given = [text.replace(BOUNDARY, "") for text in texts]
    return veil.over(BOUNDARY.join(given)).split(BOUNDARY) if given else []


def _everywhere(letters: str, within: Squeezed, plain: str) -> Iterator[tuple[int, int]]:
    """Where the letters stand, as offsets into `plain`, not as a part of a longer Latin word or number."""
    at = within.letters.find(letters)
    while at >= 0:
        start, end = within.offsets[at], within.offsets[at + len(letters) - 1] + 1
        if not (_continues(plain, start - 1, start) or _continues(plain, end - 1, end)):
            yield start, end
        at = within.letters.find(letters, at + 1)


def _continues(plain: str, left: int, right: int) -> bool:
    """Whether the characters on both sides of a border are of one Latin word, or of one number."""
    if left < 0 or right >= len(plain):
        return False
    one, other = plain[left], plain[right]
    if one.isdigit() and other.isdigit():
        return True
    return one.isascii() and other.isascii() and one.isalpha() and other.isalpha()


def _is_phone(written: str) -> bool:
    digits = digits_only(written)
    if written.startswith("+"):
        return len(digits.removeprefix("81").removeprefix("0")) in {9, 10}
    return len(digits) in {10, 11}


def _spelled_numbers(known: Known) -> set[str]:
    """A number's digits, of a telephone number also those with the country's."""
    digits = digits_only(known.text)
    if len(digits) < 5:
        return set()
    if known.kind != PersonalKind.PHONE:
        return {digits}
    if known.text.strip().startswith(("+81", "＋81")):
        at_home = "0" + digits.removeprefix("81").removeprefix("0")
        return {digits, at_home, "81" + at_home}
    return {digits, "81" + digits[1:], "81" + digits} if digits.startswith("0") else {digits}


def _pieces_of_address(known: Known) -> set[str]:
    """The whole address, its lines and words, those without prefecture and city, and the town: what tells something."""
    whole = one_spelling(known.text)
    pieces = [whole, *re.split(r"[\s,、]+", whole)]
    pieces += [_IN_FRONT.sub("", piece) for piece in pieces]
    for _ward_too in range(2):  # 大阪市, then 北区
        pieces += [_CITY.sub("", piece) for piece in pieces]
    pieces += [town for piece in pieces if len(town := _NUMBERS_BEHIND.sub("", piece)) > 3]
    letters = {squeezed(piece, EVERYTHING_ELSE).letters for piece in pieces}
    return {each for each in letters if len(each) >= 4 and not each.isdigit()}
