"""What a return label shows, from the facts of a return: finished texts and codes, nothing left to decide."""

from collections.abc import Sequence
from string import Template
from typing import Any, Final

from anshin.commerce.terms import Recipient
from anshin.connectors.papers.codes import bar_text, bars, qr
from anshin.connectors.papers.words import known, printable, texts
from anshin.language.written import written_day, written_yen
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.terms import LabelPaper, Payer

_WIDEST_BARS_MM: Final = 62
_MOST_LINES: Final = 5


def sheet(labels: Sequence[LabelFacts], paper: LabelPaper) -> dict[str, Any]:
    """What templates/label.typ takes."""
    return {"paper": str(paper), "labels": [_label(each) for each in labels]}


def _label(facts: LabelFacts) -> dict[str, Any]:
    language = known(facts.language)
    words = texts(language, "label")
    bar_svg, bar_mm = bars(bar_text(facts.number, facts.bar_code), facts.bar_code, widest_mm=_WIDEST_BARS_MM)
    return {
        "language": language,
        "words": words,
        "japanese": texts("ja", "label") if language != "ja" else {},
        "number": facts.number,
        "order_number": printable(facts.order_number, longest=80),
        "return_to": _place(facts.return_to),
        "sender": _place(facts.sender),
        "lines": _lines(facts.lines),
        "more": _more(facts.lines, words),
        "conditions": _conditions(facts, words, language),
        "qr": qr(facts.number),
        "bars": bar_svg,
        "bars_mm": bar_mm,
        "bar_text": bar_text(facts.number, facts.bar_code),
    }


def _place(place: Recipient) -> dict[str, str]:
    postcode = printable(place.postcode, longest=20)
    phone = printable(place.phone, longest=40)
    return {
        "head": "　".join([f"〒{postcode}"] * bool(postcode) + [f"TEL {phone}"] * bool(phone)),
        "lines": printable(place.lines),
        "name": printable(place.name, longest=200),
    }


def _lines(lines: Sequence[LabelLine]) -> list[dict[str, str]]:
    return [
        {
            "name": printable(" ".join(part for part in (line.name, line.variant) if part), longest=60),
            "quantity": f"× {line.quantity}",
        }
        for line in lines[:_MOST_LINES]
    ]


def _more(lines: Sequence[LabelLine], words: dict[str, Any]) -> str:
    left = len(lines) - _MOST_LINES
    return Template(words["more"]).substitute(count=left) if left > 0 else ""


def _conditions(facts: LabelFacts, words: dict[str, Any], language: str) -> list[str]:
    """Who pays, what is taken off, and until when."""
    said = [words["postage_shop" if facts.payer == Payer.SHOP else "postage_customer"]]
    if facts.fee_yen:
        said.append(Template(words["fee"]).substitute(amount=written_yen(facts.fee_yen, language)))
    if facts.send_by:
        said.append(Template(words["send_by"]).substitute(day=written_day(facts.send_by, language)))
    return said
