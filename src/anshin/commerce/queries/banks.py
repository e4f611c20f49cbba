"""Japan's banks and their branches, searched by name, kana or number; for account forms."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from anshin.language.folding import fold
from anshin.language.names import katakana

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST = 20
_SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_SHORT = (
    (" ", ""),
    ("-", ""),
    ("ー", ""),
    ("支店", ""),
    ("出張所", ""),
    ("信用金庫", "信金"),
    ("信用組合", "信組"),
    ("労働金庫", "労金"),
    ("農業協同組合", "農協"),
    ("シンヨウキンコ", "シンキン"),
    ("シンヨウクミアイ", "シンクミ"),
)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank, or a branch of one; `kana` in full-width katakana without small letters, as banks write it."""

    code: str
    name: str
    kana: str


_Keyed = tuple[Bank, tuple[str, ...]]


def find_banks(words: str, *, most: int = MOST) -> list[Bank]:
    """Banks whose name, kana or number fits what was typed so far, those that begin with it first."""
    return _find(_banks().values(), words, most)


def find_branches(bank_code: str, words: str, *, most: int = MOST) -> list[Bank]:
    """Branches of a bank that fit what was typed so far; none of a bank that does not exist."""
    return _find(_branches(bank_code).values(), words, most)


def bank_by_code(code: str) -> Bank | None:
    """The bank with this number of four digits."""
    found = _banks().get(code)
    return found[0] if found else None


def branch_by_code(bank_code: str, code: str) -> Bank | None:
    """The branch with this number of three digits."""
    found = _branches(bank_code).get(code)
    return found[0] if found else None


def _find(known: Iterable[_Keyed], words: str, most: int) -> list[Bank]:
    wanted = _key(words)
    if not wanted:
        return []
    fitting = [
        (not any(key.startswith(wanted) for key in keys), len(bank.name), bank.code, bank)
        for bank, keys in known
        if any(wanted in key for key in keys)
    ]
    return [bank for *_order, bank in sorted(fitting, key=lambda found: found[:3])[:most]]


def _key(words: str) -> str:
    """The words as they are compared: kana large and without marks of length, 銀行 and 支店 left out, 信金 short."""
    folded = katakana(fold(words)).translate(_SMALL_TO_LARGE)
    for long, short in _SHORT:
        folded = folded.replace(long, short)
    return folded.removesuffix("銀行").removesuffix("ギンコウ")


@cache
def _banks() -> Mapping[str, _Keyed]:
    from zengin_code import Bank as Known

    return {code: _keyed(code, each.name, each.kana) for code, each in Known.all.items()}


@cache
def _branches(bank_code: str) -> Mapping[str, _Keyed]:
    from zengin_code import Bank as Known

    known = Known.all.get(bank_code)
    return {code: _keyed(code, each.name, each.kana) for code, each in (known.branches.items() if known else ())}


def _keyed(code: str, name: str, kana: str) -> _Keyed:
    bank = Bank(code, unicodedata.normalize("NFKC", name), unicodedata.normalize("NFKC", kana))
    return bank, (code, _key(bank.name), _key(bank.kana))
