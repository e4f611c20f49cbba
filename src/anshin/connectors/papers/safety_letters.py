"""What a printed safety letter shows; its words come finished from whoever asks for it.

The address has to be seen through the window of an envelope of 235 × 120 mm (長形3号, landscape), in which an A4 sheet
folded in three (210 × 99 mm) slides 25 mm sideways and 21 mm up and down. A window of 90 × 45 mm that lies 20 mm from
the left and 15 mm from the top shows a block of 65 × 24 mm wherever the sheet lies: 90 − 25 and 45 − 21.

Source for the envelope: 長形3号 is 120 × 235 mm (JIS S 5502; n-flexo.co.jp “長3封筒とは”, read 2026-11-27). Windows are
not standardised; where they lie is what makers of ready-made envelopes use most, and is tried with one sheet first.
"""

from collections.abc import Sequence
from typing import Any, Final

from anshin.connectors.papers.codes import qr
from anshin.connectors.papers.words import known, printable
from anshin.safety.ports import PaperLetter

_LONGEST_LINE: Final = 4_000
_HONORIFIC: Final = " 様"
"""For the postman, who reads Japanese whatever the letter is written in."""


def sheet(letters: Sequence[PaperLetter]) -> dict[str, Any]:
    """What templates/safety_letter.typ takes."""
    return {"letters": [_letter(each) for each in letters]}


def _letter(letter: PaperLetter) -> dict[str, Any]:
    postcode = printable(letter.to.postcode, longest=20)
    return {
        "language": known(letter.language),
        "postcode": f"〒{postcode}" if postcode else "",
        "place": printable(letter.to.lines),
        "name": printable(letter.to.name, longest=200) + _HONORIFIC if letter.to.name else "",
        "sender": printable(letter.sender, longest=200),
        "number": letter.number,
        "day": letter.day,
        "title": printable(letter.title),
        "paragraphs": [_paragraph(each, letter.heading) for each in letter.paragraphs],
        "qr": qr(letter.link) if letter.link else "",
    }


def _paragraph(text: str, heading: str) -> dict[str, Any]:
    first, *rest = text.splitlines() or [""]
    is_head = bool(rest) and (first.startswith("■") or first.partition("(")[0].strip().isupper())
    lines = rest if is_head else [first, *rest]
    return {
        "head": printable(first.removeprefix("■").strip()) if is_head else "",
        "loud": text == heading,
        "lines": [printable(each, longest=_LONGEST_LINE) for each in lines],
    }
