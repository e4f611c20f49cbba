"""Documents of strangers: their words, or a reason why not; never a raised error, never our own process's time."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import typst

from anshin.connectors import papers as papers_room
from anshin.language.sensitive_numbers import find_numbers
from anshin.plumbing.documents import opening
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.documents.values import Obstacle, Opened
from tests.plumbing.documents import papers

HERE = Path(__file__).parent
FONTS = Path(papers_room.__file__).parent / "fonts"
CARD = "4111 1111 1111 1111"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def opened(content: bytes, **values: int) -> Opened:
    found = DocumentOpener(**values)(content)
    assert found is not None
    return found


def printed(text: str) -> bytes:
    """A PDF with our own letters' fonts: a bare machine has none that knows Japanese."""
    return typst.compile(text.encode(), font_paths=[FONTS], ignore_system_fonts=True)


def kinds(found: Opened) -> set[str]:
    return {number.kind.value for text in found.texts for number in find_numbers(text)}


def test_the_words_of_a_pdf_in_japanese_are_read() -> None:
    found = opened(printed(f"カード番号 {CARD}\n\n髙﨑 𠮷田"))
    assert found.obstacle is None
    assert found.texts[0].split() == ["カード番号", *CARD.split(), "髙﨑", "𠮷田"]
    assert kinds(found) == {"card"}


def test_digits_in_the_boxes_of_a_form_are_read_as_one_number() -> None:
    found = opened(printed("マイナンバー #h(1em) 1 2 3 4 5 6 7 8 9 0 1 8"))
    assert kinds(found) == {"my_number"}


def test_a_filled_in_field_of_a_form_is_read() -> None:
    found = opened(papers.form("card number", CARD))
    assert f"card number {CARD}" in found.texts
    assert found.obstacle is None


@pytest.mark.parametrize("name", ["customers.xls", "customers.xlsx"])
def test_a_number_in_a_table_is_read_with_the_head_of_its_column(name: str) -> None:
    """By itself a parcel's number looks the same; the name of a customer and an address stand in between."""
    found = opened((HERE / name).read_bytes())
    assert "マイナンバー 123456789018" in "\n".join(found.texts)
    assert kinds(found) == {"my_number"}
    assert found.obstacle is None


@pytest.mark.parametrize(
    ("content", "obstacle"),
    [
        (papers.locked(CARD), Obstacle.LOCKED),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), Obstacle.LOCKED),
        (COMPOUND + "WordDocument".encode("utf-16-le"), Obstacle.KIND),
        (COMPOUND + "Workbook".encode("utf-16-le"), Obstacle.DAMAGED),
        (b"Rar!\x1a\x07\x01\x00", Obstacle.KIND),
        (b"7z\xbc\xaf\x27\x1c", Obstacle.KIND),
        (b"\x1f\x8b\x08", Obstacle.KIND),
        (b"%PDF-1.4\nnothing of it", Obstacle.DAMAGED),
        (papers.paper(CARD)[:200], Obstacle.DAMAGED),
        (papers.scan(), Obstacle.PICTURES),
    ],
)
def test_what_stays_closed_says_why(content: bytes, obstacle: Obstacle) -> None:
    assert opened(content) == Opened((), obstacle)


def test_what_is_no_document_is_somebody_elses() -> None:
    opener = DocumentOpener()
    assert [opener(content) for content in (b"", b"hello", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04word/")] == [None] * 4


def test_an_empty_page_is_no_picture() -> None:
    assert opened(papers.paper("")).obstacle is None


def test_a_pdf_bomb_is_ended_by_the_system() -> None:
    assert opened(papers.bomb(), cpu_seconds=1) == Opened((), Obstacle.TOO_LARGE)


def test_a_table_bomb_is_ended_by_the_system() -> None:
    row = b"<row><c t='inlineStr'><is><t>a</t></is></c></row>" * 100_000
    content = BytesIO()
    with zipfile.ZipFile(HERE / "customers.xlsx") as plain, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name in plain.namelist():
            with out.open(name, "w") as entry:
                if name.endswith("sheet1.xml"):
                    entry.write(plain.read(name).replace(b"</sheetData>", row * 20 + b"</sheetData>"))
                else:
                    entry.write(plain.read(name))
    assert opened(content.getvalue(), cpu_seconds=1).obstacle is Obstacle.TOO_LARGE


def test_of_many_documents_the_last_are_left_closed() -> None:
    opener = DocumentOpener(most=1)
    assert [opener(papers.paper(word)) for word in ("one", "two")] == [
        Opened(("one",)), Opened((), Obstacle.TOO_LARGE)
    ]  # fmt: skip


def test_a_huge_document_is_not_even_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_more: pytest.fail("a process was started"))
    content = b"%PDF-1.4\n" + bytes(opening.MOST_DOCUMENT_BYTES)
    assert opened(content) == Opened((), Obstacle.TOO_LARGE)


def test_words_read_before_the_time_was_over_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_args: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("reading", 60, output=f"{CARD}\0".encode())

    monkeypatch.setattr(subprocess, "run", late)
    assert opened(papers.paper("x")) == Opened((CARD,), Obstacle.TOO_LARGE)


def test_a_machine_without_room_for_a_process_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "run", full)
    assert opened(papers.paper("x")) == Opened((), Obstacle.TOO_LARGE)
