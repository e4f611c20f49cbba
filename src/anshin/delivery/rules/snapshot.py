"""How an order is shown to whoever placed it: sensitive fields masked, and a mark by which it is recognised."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

_DOT = "•"
_SHOWN_DIGITS = 4
_TOWN = re.compile(
    r"(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)?(?:.{1,6}?郡.{1,6}?[町村]|.{1,6}?市(?:.{1,4}?区)?|.{1,6}?[区町村])?"
)
_FOREIGN_SHOWN = 6


def masked_name(name: str) -> str:
    """The family name and the first character of the given name (柏木 由•); half of one without a space."""
    family, _space, given = name.strip().replace("\u3000", " ").partition(" ")
    if given:
        return f"{family} {given[0]}{_DOT * (len(given.strip()) - 1)}"
    shown = (len(family) + 1) // 2
    return family[:shown] + _DOT * (len(family) - shown)


def masked_number(number: str) -> str:
    """The last four digits of a phone number, a postcode or a card; a shorter one as dots alone."""
    digits = sum(character.isdigit() for character in number)
    hidden = max(digits - _SHOWN_DIGITS, 0) if digits > _SHOWN_DIGITS else digits
    shown = []
    for character in number:
        if character.isdigit() and hidden:
            shown.append(_DOT)
            hidden -= 1
        else:
            shown.append(character)
    return "".join(shown)


def masked_address(lines: str) -> str:
    """Prefecture and town, the rest as dots; the beginning of an address that has neither."""
    match = _TOWN.match(lines)
    shown = match.group(0) if match else ""
    kept = shown or lines[: min(_FOREIGN_SHOWN, len(lines) // 3)]
    return f"{kept}{_DOT * 4}" if lines else ""


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts, written the same way each time: the same order gives the same mark."""
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
