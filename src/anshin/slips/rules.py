"""Decides what becomes of each row of a carrier's file with numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from anshin.slips.terms import NumberOutcome, ParcelKey

_SPOILT = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_RESHIPMENT = re.compile(r"D-?0*([0-9]{1,9})-([0-9]{1,3})")
_PICK_UP = re.compile(r"D-?0*([0-9]{1,9})-P")
_RETURN = re.compile(r"R-?0*([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class OurParcel:
    """A parcel of ours as it stands: the number it has already, and whether that can still change."""

    key: ParcelKey
    number: str
    tracking_number: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class NumberTold:
    """One row: `number` folded to half width and capitals, `tracking_number` digits only; `check` is an outcome that
    the number itself causes (WRONG_DIGIT, OTHER_CARRIER), None for a good one."""

    row: int
    number: str
    tracking_number: str
    raw: str
    check: NumberOutcome | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what becomes of it; `other` is the number or parcel that explains it."""

    row: int
    number: str
    tracking_number: str
    outcome: NumberOutcome
    key: ParcelKey | None = None
    other: str = ""


def is_spoilt(text: str) -> bool:
    """Whether a spreadsheet has turned the number into 4.44414E+11: its last digits are lost."""
    return _SPOILT.fullmatch(text.strip()) is not None


def reshipment_of(number: str) -> tuple[int, int] | None:
    """(12, 1) of D-0012-1."""
    found = _RESHIPMENT.fullmatch(number)
    return (int(found[1]), int(found[2])) if found else None


def pick_up_of(number: str) -> int | None:
    """12 of D-0012-P."""
    found = _PICK_UP.fullmatch(number)
    return int(found[1]) if found else None


def return_of(number: str) -> int | None:
    """312 of R-0312."""
    found = _RETURN.fullmatch(number)
    return int(found[1]) if found else None


def judge(
    rows: Sequence[NumberTold],
    *,
    ours: Mapping[str, OurParcel],
    taken: Mapping[str, str],
    is_order: Callable[[str], bool],
) -> list[Judged]:
    """Every row with its outcome, in order.

    `ours` by number as rows say it; `taken`: tracking number → the parcel that has it. A parcel that stands there
    twice with different numbers gets none of them: nobody can tell which slip is on the box.
    """
    told: dict[str, set[str]] = {}
    users: dict[str, set[str]] = {}
    for row in rows:
        if row.number in ours and _speaks_against(row) is None:
            told.setdefault(row.number, set()).add(row.tracking_number)
            users.setdefault(row.tracking_number, set()).add(row.number)
    found = []
    for row in rows:
        parcel = ours.get(row.number)
        if parcel is None:
            outcome, other = NumberOutcome.ORDER if is_order(row.number) else NumberOutcome.FOREIGN, ""
        elif against := _speaks_against(row):
            outcome, other = against, ""
        elif shared := _shared(row, told, users):
            outcome, other = shared
        else:
            outcome, other = _landing(row, parcel, taken)
        key = parcel.key if parcel else None
        found.append(Judged(row.row, row.number, row.tracking_number or row.raw, outcome, key, other))
    return found


def _speaks_against(row: NumberTold) -> NumberOutcome | None:
    """What is wrong with the number itself."""
    if not row.raw:
        return NumberOutcome.EMPTY
    return NumberOutcome.SPOILT if is_spoilt(row.raw) else row.check


def _shared(
    row: NumberTold, told: Mapping[str, set[str]], users: Mapping[str, set[str]]
) -> tuple[NumberOutcome, str] | None:
    """What other rows of the file say against this one."""
    if others := sorted(told[row.number] - {row.tracking_number}):
        return NumberOutcome.TWICE, others[0]
    if sharing := sorted(users[row.tracking_number] - {row.number}):
        return NumberOutcome.TAKEN, sharing[0]
    return None


def _landing(row: NumberTold, parcel: OurParcel, taken: Mapping[str, str]) -> tuple[NumberOutcome, str]:
    if parcel.tracking_number == row.tracking_number:
        return NumberOutcome.SAME, ""
    if owner := taken.get(row.tracking_number):
        return NumberOutcome.TAKEN, owner
    if not parcel.may_change:
        return NumberOutcome.HAS_LEFT, parcel.tracking_number
    former = parcel.tracking_number
    return (NumberOutcome.CHANGED, former) if former else (NumberOutcome.LANDED, "")
