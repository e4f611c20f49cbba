"""A stand-in for a carrier's program: takes our file in, prints, and gives out its slips with numbers."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

_OURS: Final = ("お客様管理番号", "お客様側管理番号")
_THEIRS: Final = {
    "伝票番号": "伝票番号",
    "お問い合せ送り状No.": "お問い合せ送り状No.",
    "お客様側管理番号": "お問い合わせ番号",
}
_NEEDED: Final = ("お届け先電話番号", "お届け先 電話番号", "お届け先郵便番号", "お届け先 郵便番号")


class FileRefused(Exception):
    """The program does not take the file in; `str(error)` is what it shows."""

    permanent = True


@dataclass
class PracticeProgram:
    """Numbers its slips one after another, each with the check digit of the real ones (eleven digits modulo 7).

    `next_number`: eleven digits. Refuses what the real programs refuse: other characters than CP932, a row that is
    not as wide as the headings, a row without number, phone number or postcode. Prints a number once; taken in again it
    prints new slips with new numbers, as the real ones do.
    """

    next_number: int = 30_915_552_000
    printed: list[tuple[str, str]] = field(default_factory=list)  # our number, theirs

    def take_in(self, content: bytes) -> bytes:
        """What the program gives out once all rows are printed. Raises FileRefused."""
        headings, *rows = _table(content)
        ours = next((headings.index(each) for each in _OURS if each in headings), None)
        theirs = next((each for each in _THEIRS if each in headings), None)
        if ours is None or theirs is None:
            raise FileRefused("見出しが違います。")
        for number, row in enumerate(rows, start=2):
            _refuse(number, row, headings, ours)
        slips = [(row, self._print(row[ours])) for row in rows]
        if theirs == "お客様側管理番号":
            return _written([["お客様側管理番号", _THEIRS[theirs]], *([row[ours], slip] for row, slip in slips)])
        place = headings.index(theirs)
        return _written([headings, *([*row[:place], slip, *row[place + 1 :]] for row, slip in slips)])

    def _print(self, ours: str) -> str:
        slip = f"{self.next_number:011}{self.next_number % 7}"
        self.next_number += 1
        self.printed.append((ours, slip))
        return slip


def _table(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError as error:
        raise FileRefused("文字コードがShift_JISではありません。") from error
    table = list(csv.reader(StringIO(text, newline="")))
    if len(table) < 2:
        raise FileRefused("データがありません。")
    return table


def _refuse(number: int, row: list[str], headings: list[str], ours: int) -> None:
    if len(row) != len(headings):
        raise FileRefused(f"{number}行目の列数が違います。")
    needed = [ours, *(headings.index(each) for each in _NEEDED if each in headings)]
    for place in needed:
        if not row[place]:
            raise FileRefused(f"{number}行目の{headings[place]}がありません。")


def _written(table: list[list[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("cp932")
