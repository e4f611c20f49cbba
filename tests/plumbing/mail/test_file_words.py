"""Words of files: whatever a clerk could read in them with everyday programs, and never more than the limits."""

import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest

from anshin.plumbing.documents.values import Obstacle, Opened
from anshin.plumbing.mail import file_words
from anshin.plumbing.mail.file_words import Look, words_in_file, words_in_mail

CARD = "4111 1111 1111 1111"


def zipped(**entries: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in entries.items():
            archive.writestr(name, entry)
    return content.getvalue()


def all_words(content: bytes, name: str = "") -> str:
    return "\n".join(words_in_file(content, name))


WORD = (
    "<w:document><w:body><w:p><w:r><w:t>カード番号</w:t></w:r></w:p><w:p><w:r><w:t>4111 11</w:t></w:r>"
    "<w:r><w:rPr><w:b/></w:rPr><w:t>11 1111 1111</w:t></w:r></w:p></w:body></w:document>"
).encode()
SHEET = ("<sst><si><t>お名前</t></si><si><r><t>4111 1111</t></r><r><t> 1111 1111</t></r></si></sst>").encode()
OPEN_DOCUMENT = b"<office:text><text:p>Card</text:p><text:p>4111 1111 <text:span>1111 1111</text:span></text:p>"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"名前,番号\r\n山本,{CARD}\r\n".encode("cp932"), "顧客.csv"),
        (f"番号 {CARD}".encode("utf-16"), "memo.txt"),
        (f"番号 {CARD}".encode("iso-2022-jp"), "memo"),
        ("<html><p>番号 <b>4111 1111</b> 1111 1111</p></html>".encode(), "form.html"),
        (f'<p>番号</p><img alt="{CARD}">'.encode(), "form"),
        (f"<p>番号</p><!-- {CARD} -->".encode(), "form"),
        (zipped(**{"word/document.xml": WORD}), "申込書.docx"),
        (zipped(**{"xl/sharedStrings.xml": SHEET}), "表.xlsx"),
        (zipped(**{"content.xml": OPEN_DOCUMENT}), "表.odt"),
        (zipped(**{"a/表.xlsx": zipped(**{"xl/sharedStrings.xml": SHEET})}), "まとめ.zip"),
        (zipped(**{"memo.txt": f"番号 {CARD}".encode("cp932")}), "まとめ.zip"),
        (b"{\\rtf1\\ansicpg932 {\\b 4111} 1111 \\i 1111 1111\\par}", "申込書.rtf"),
        (f"From: a@b.example\nTo: c@b.example\nSubject: x\n\n{CARD}\n".encode(), "写し"),
    ],
)
def test_a_number_is_found_in(content: bytes, name: str) -> None:
    assert CARD in all_words(content, name)


def test_cells_and_paragraphs_do_not_run_into_each_other() -> None:
    row = b'<row><c r="A1"><v>41111111</v></c><c r="B1"><v>11111111</v></c></row>'
    assert "4111111111111111" not in all_words(zipped(**{"xl/worksheets/sheet1.xml": row})).replace(" ", "")


def test_every_part_of_a_mail_says_its_words() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "a@b.example", "inner"
    inner.set_content("in the inner text")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "in the name <a@b.example>", "in the subject"
    mail["X-Technical"] = "4111111111111111"
    mail.set_content("in the text")
    mail.add_alternative("<p>in the <b>design</b></p>", subtype="html")
    mail.add_attachment("in the file", filename="in the file name.txt")
    mail.add_attachment(inner)
    said = "\n".join(words_in_mail(mail.as_bytes()))
    for place in ("name", "subject", "text", "design", "file", "file name", "inner text"):
        assert f"in the {place}" in said
    assert "4111111111111111" not in said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"%PDF-1.7\n\x00\x00stream",
        b"PK\x03\x04 not a zip",
        zipped(**{"word/document.xml": WORD})[:-40],
        zipped(**{"word/document.xml": WORD}).replace(b"document.xml", b"document.xmm"),
    ],
)
def test_what_cannot_be_read_says_nothing_and_raises_nothing(content: bytes) -> None:
    all_words(content, "x.docx")


def test_an_encrypted_entry_is_left_alone() -> None:
    content = bytearray(zipped(**{"memo.txt": CARD.encode()}))
    content[6] |= 1
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert CARD not in all_words(bytes(content), "x.zip")


def test_a_zip_bomb_is_opened_only_as_far_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_words, "MOST_BYTES", 50_000)
    bomb = zipped(**{f"{number}.txt": b"0" * 1_000_000 for number in range(20)}, **{"last.txt": CARD.encode()})
    assert len(bomb) < 50_000
    said = all_words(bomb, "x.zip")
    assert len(said) <= 50_000 + 100


def test_zips_in_zips_end_somewhere() -> None:
    content = zipped(**{"memo.txt": CARD.encode()})
    for _turn in range(6):
        content = zipped(**{"inner.zip": content})
    assert CARD not in all_words(content)


@pytest.mark.parametrize("piece", [b"<", b"<p ", b"<c>", b"&#", b"<!--", b"<p>1</p>"])
@pytest.mark.parametrize("name", ["x.html", "x.xlsx"])
def test_what_would_take_for_ever_were_it_not_linear(piece: bytes, name: str) -> None:
    content = piece * (1_000_000 // len(piece))
    all_words(content if name == "x.html" else zipped(**{"xl/sharedStrings.xml": content}), name)


LOCKED_ZIP = (
    zipped(**{"a.txt": b"secret"})
    .replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    .replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
)


@pytest.mark.parametrize(
    ("content", "obstacle"),
    [
        (zipped(**{"a.txt": b"x"}), None),
        (LOCKED_ZIP, Obstacle.LOCKED),
        (zipped(**{"a.txt": b"x" * 100})[:60], Obstacle.DAMAGED),
        (zipped(**{f"{number}.txt": b"x" for number in range(501)}), Obstacle.TOO_LARGE),
        (zipped(**{"a.txt": bytes(20_000_001)}), Obstacle.TOO_LARGE),
        (b"x" * 5_000_001, Obstacle.TOO_LARGE),
        (zipped(**{"a.pdf": b"%PDF-1.4"}), Obstacle.KIND),
        (zipped(**{"xl/vbaProject.bin": b"%PDF-1.4"}), None),
    ],
)
def test_what_stayed_closed_says_why(content: bytes, obstacle: Obstacle | None) -> None:
    look = Look(lambda inside: Opened((), Obstacle.KIND) if inside.startswith(b"%PDF-") else None)
    assert "secret" not in "".join(words_in_file(content, "a", look=look))
    assert look.obstacles == ({obstacle} if obstacle else set())
