"""Fills the columns of one row and notes what does not fit them: characters, lengths, missing values."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from anshin.delivery.ports import RECEIVER, SENDER, SlipWarning
from anshin.language.folding import half_width

GETA: Final = "〓"
"""What printers have put for a character they do not have since lead type: nobody takes it for part of a name."""
_SAME_SIGN: Final = str.maketrans({
    "\u2212": "－", "\u301c": "～", "\u2014": "―", "\u2016": "∥", "\u00a0": " ", "\u2010": "-", "\u2011": "-",
    "\u2012": "-", "\u2013": "-", "\u00a2": "￠", "\u00a3": "￡", "\u00ac": "￢", "\u00a5": "￥",
})  # fmt: skip

_SIDES: Final = {"お届け先": RECEIVER, "ご依頼主": SENDER}
_LAYOUTS: Final = Path(__file__).parent / "layouts"
_HOUSE_NUMBER: Final = re.compile(r"[0-9０-９－-]+$")

Width = Callable[[str], int]


def headings(code: str) -> tuple[str, ...]:
    """The headings of one format in their order, as layouts/<code>.txt lists them."""
    return tuple((_LAYOUTS / f"{code}.txt").read_text(encoding="utf-8").splitlines())


def in_bytes(text: str) -> int:
    """The length in CP932: two for a full-width character, one for a half-width one."""
    return len(text.encode("cp932"))


@dataclass
class Row:
    """One row under `headings`, empty at first; `warnings` gathers what a person should look at."""

    number: str
    headings: Sequence[str]
    width: Width = in_bytes
    cells: list[str] = field(init=False)
    warnings: list[SlipWarning] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [""] * len(self.headings)

    def put(self, heading: str, text: str, longest: int, *, needed: bool = False, whole: bool = False) -> None:
        """The text in this column, cut where it is too long."""
        self.spread([heading], text, [longest], needed=needed, whole=whole)

    def put_digits(self, heading: str, text: str, longest: int, *, needed: bool = False) -> None:
        """A phone number or postcode: half-width digits and hyphens only."""
        kept = "".join(character for character in half_width(text) if character in "0123456789-")
        self.put(heading, kept, longest, needed=needed, whole=needed)

    def code(self, heading: str, value: str) -> None:
        """A code of the format itself."""
        self.cells[self.headings.index(heading)] = value

    def spread(
        self,
        headings: Sequence[str],
        text: str,
        longest: Sequence[int],
        *,
        needed: bool = False,
        whole: bool = False,
    ) -> None:
        """The text over several columns, at a space where there is one near the end of a column.

        `needed`: a row without it is refused. `whole`: a parcel does not arrive without the rest of it.
        """
        rest = self._encodable(headings[0], text)
        if needed and not rest:
            self.warn(headings[0], _("It is empty, but the carrier’s program wants it."), is_blocking=True)
        for heading, most in zip(headings, longest, strict=True):
            taken = _first_part(rest, most, self.width)
            self.code(heading, taken.strip())
            rest = rest[len(taken) :].lstrip()
        if rest:
            words = _("“%(rest)s” did not fit and was left out.") % {"rest": rest}
            self.warn(headings[-1], words, is_blocking=whole)

    def warn(self, heading: str, words: str, *, is_blocking: bool = False) -> None:
        side = next((side for start, side in _SIDES.items() if heading.startswith(start)), "")
        self.warnings.append(SlipWarning(self.number, heading, words, is_blocking, side))

    def _encodable(self, heading: str, text: str) -> str:
        line = " ".join(_without_controls(text).translate(_SAME_SIGN).split(" ")).strip()
        written = "".join(character if _fits(character) else GETA for character in line)
        lost = list(dict.fromkeys(character for character in line if not _fits(character)))
        if lost:
            words = _(
                "%(characters)s cannot be written in this file and became %(geta)s. Write it on the slip by hand."
            )
            self.warn(heading, words % {"characters": "、".join(lost), "geta": GETA})
        return written


def _without_controls(text: str) -> str:
    return "".join(" " if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp"} else each for each in text)


def _fits(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _first_part(text: str, longest: int, width: Width) -> str:
    """As much as fits; up to the last space, or the house number, when that loses less than half of the column."""
    end = 0
    while end < len(text) and width(text[: end + 1]) <= longest:
        end += 1
    if end == len(text):
        return text
    space = max(text.rfind(" ", 0, end + 1), text.rfind("　", 0, end + 1))
    number = _HOUSE_NUMBER.search(text[:end])
    for cut in (space, number.start() if number and _HOUSE_NUMBER.fullmatch(text[end]) else -1):
        if cut > 0 and width(text[:cut]) * 2 >= longest:
            return text[:cut]
    return text[:end]
