"""What a return label says, that nothing leaves its place, and that scanners read it at the printers' resolutions."""

import random
from pathlib import Path

import pytest

from anshin.commerce.terms import Recipient
from anshin.connectors.papers.adapter import PrintedLabels
from anshin.connectors.papers.codes import bar_text, bars
from anshin.language.written import LETTER_LANGUAGES
from anshin.returns.ports import LabelLine
from anshin.returns.terms import BarCode, LabelPaper, Payer
from tests.connectors.papers.samples import codes_in, label, page_sizes_mm, rendered, said

GOLDEN = Path(__file__).parent / "golden"
BLACK, PAPERS = 128, (LabelPaper.A6, LabelPaper.A4)
RESOLUTIONS = (203, 300)
DOTS_PER_MM = 203 / 25.4


@pytest.fixture
def labels():
    return PrintedLabels()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LETTER_LANGUAGES)
def test_a_label_says_what_it_always_said(labels, language, paper):
    text = said(labels.pdf([label(language=language)], paper=paper))
    golden = GOLDEN / f"label_{language}_{paper}.txt"
    assert len(text) == 1
    assert text[0].splitlines() == golden.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("dots_per_inch", RESOLUTIONS)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("kind", "name", "text"), [("code128", "Code128", "R-0312"), ("nw7", "Codabar", "A0312A")])
def test_scanners_read_both_codes_back(labels, kind, name, text, paper, dots_per_inch):
    page = rendered(labels.pdf([label(bar_code=BarCode(kind))], paper=paper), dots_per_inch)
    assert codes_in(page) == {("QRCode", "R-0312"), (name, text)}


@pytest.mark.parametrize("dots_per_inch", RESOLUTIONS)
@pytest.mark.parametrize("kind", BarCode)
def test_many_numbers_are_read_back_from_black_and_white(labels, kind, dots_per_inch):
    chance = random.Random(5)
    numbers = ["R-0001", "R-9999", "R-10000", "R-1234567", *(f"R-{chance.randrange(10**5):04d}" for _ in range(20))]
    pdf = labels.pdf([label(number=number, bar_code=kind) for number in numbers], paper=LabelPaper.A6)
    for page, number in enumerate(numbers):
        dots = rendered(pdf, dots_per_inch, page).point(lambda grey: 255 if grey >= BLACK else 0)
        assert {text for _kind, text in codes_in(dots)} == {number, bar_text(number, kind)}


def test_the_paper_is_a6_or_a4(labels):
    assert page_sizes_mm(labels.pdf([label()], paper=LabelPaper.A6)) == [(105, 148)]
    assert page_sizes_mm(labels.pdf([label()], paper=LabelPaper.A4)) == [(210, 297)]


def test_many_returns_are_one_file_in_their_order(labels):
    numbers = [f"R-{number:04d}" for number in range(40, 0, -1)]
    pages = said(labels.pdf([label(number=number) for number in numbers], paper=LabelPaper.A6))
    assert [next(number for number in numbers if number in page) for page in pages] == numbers


def test_the_same_facts_are_the_same_bytes_whatever_was_printed_before(labels):
    first = labels.pdf([label()], paper=LabelPaper.A6)
    labels.pdf([label(number="R-0313", language="ko")], paper=LabelPaper.A4)
    assert labels.pdf([label()], paper=LabelPaper.A6) == first


def test_no_label_is_refused(labels):
    with pytest.raises(ValueError):
        labels.pdf([], paper=LabelPaper.A6)


@pytest.mark.parametrize(
    ("language", "fee"),
    [("ja", "1,990円"), ("en", "¥1,990"), ("zh-Hans", "1,990日元"), ("zh-Hant", "1,990日圓"), ("ko", "1,990엔")],
)
def test_the_fee_is_exact_and_left_out_when_there_is_none(labels, language, fee):
    assert fee in said(labels.pdf([label(language=language)], paper=LabelPaper.A6))[0]
    assert "1,990" not in said(labels.pdf([label(language=language, fee_yen=0)], paper=LabelPaper.A6))[0]


def test_who_pays_the_postage_is_said(labels):
    assert "着払いで" in said(labels.pdf([label(payer=Payer.SHOP)], paper=LabelPaper.A6))[0]
    assert "元払い（発払い）で" in said(labels.pdf([label(payer=Payer.CUSTOMER)], paper=LabelPaper.A6))[0]


@pytest.mark.parametrize("language", LETTER_LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_every_label_says_in_japanese_too_that_it_is_no_slip(labels, language, paper):
    page = said(labels.pdf([label(language=language)], paper=paper))[0].replace("\n", "")
    assert "これは運送会社の送り状ではありません" in page


def test_an_unknown_language_prints_japanese(labels):
    assert labels.pdf([label(language="fr")], paper=LabelPaper.A6) == labels.pdf([label()], paper=LabelPaper.A6)


@pytest.mark.parametrize("character", "髙﨑𠮷彅①㈱～〜Ⅲ℃張将诚剧龙훈뷁")
def test_a_name_has_its_characters(labels, character):
    """A missing character is drawn as the same empty box as one that no font has."""
    drawn, box = (_name_drawn(each) for each in (character, "\U000e0fff\U0010ffff"))
    assert _ink(drawn) > 0
    assert drawn.tobytes() != box.tobytes()
    assert character in said(labels.pdf([label(sender=Recipient(character))], paper=LabelPaper.A6))[0]


EXTREMES = {
    "long Japanese": Recipient("寿限無" * 66, "1" * 20, "東京都千代田区" * 57, "0" * 40),
    "long without spaces": Recipient("W" * 200, "W" * 20, "M" * 400, "9" * 40),
    "full width": Recipient("Ｗ" * 200, "１" * 20, "％" * 400, "９" * 40),
    "long words": Recipient("Wolfeschlegelsteinhausen " * 8, "", "Donaudampfschifffahrt " * 18, "+81 " * 10),
    "empty": Recipient(),
    "markup": Recipient('*_#"\\', "$x$", '#panic("x") \\u{41} <label> @ref // = /* `', "[]{}"),
    "control": Recipient("a\x00b\x1b[2J", "\u2028", "東京\n都\r\n\t千代田", "1\u200b2"),
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LETTER_LANGUAGES)
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_stay_in_their_places(labels, name, language, paper):
    """Where the plain label is white between its parts, the extreme one is white too, and its codes are read."""
    place = EXTREMES[name]
    lines = tuple(LabelLine(place.lines or "x", 9_999, place.name) for _ in range(40))
    extreme = label(
        sender=place, return_to=place, lines=lines, language=language, order_number="K" * 80, fee_yen=9_999_999
    )
    pdf = labels.pdf([extreme], paper=paper)
    page = rendered(pdf, 203)
    assert len(said(pdf)) == 1
    assert _gutters_with_ink(page) == []
    assert codes_in(page) == {("QRCode", "R-0312"), ("Code128", "R-0312")}


def test_more_lines_than_fit_are_counted(labels):
    lines = tuple(LabelLine(f"品{number}", 1) for number in range(1, 9))
    page = said(labels.pdf([label(lines=lines)], paper=LabelPaper.A6))[0]
    assert "品5" in page
    assert "品6" not in page
    assert "ほか3件" in page


def test_a_bar_code_that_cannot_be_printed_large_enough_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        bars("R" * 60, BarCode.CODE128, widest_mm=62)


def _name_drawn(name):
    facts = label(sender=Recipient(name), return_to=Recipient())
    page = rendered(PrintedLabels().pdf([facts], paper=LabelPaper.A6), 203)
    return page.crop((0, round(70.7 * DOTS_PER_MM), page.width, round(83 * DOTS_PER_MM)))


def _ink(picture):
    return sum(picture.histogram()[:BLACK])


def _gutters_with_ink(page):
    """The margins and the strips between the parts of the face that must stay white, by name."""
    a6 = {
        "left": (0, 0, 5.5, 147),
        "right": (99.8, 0, 104.5, 147),
        "top": (0, 0, 104, 5.5),
        "bottom": (0, 142.5, 104, 147),
        "below the header": (0, 43.8, 104, 44.3),
        "below the receiver": (0, 67.75, 104, 67.95),
        "below the sender": (0, 83.65, 104, 83.85),
    }
    return [name for name, box in a6.items() if _ink(page.crop(tuple(round(side * DOTS_PER_MM) for side in box)))]
