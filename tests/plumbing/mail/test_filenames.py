"""File names made harmless."""

import pytest

from anshin.plumbing.mail.filenames import MAX_BYTES, MAX_CHARACTERS, message_filename, safe_filename


@pytest.mark.parametrize(
    ("as_sent", "safe"),
    [
        ("請求書①.pdf", "請求書①.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\a.txt", "a.txt"),
        ("..", "attachment-3.pdf"),
        (".htaccess", "htaccess"),
        ("a\0b\r\n.txt", "ab.txt"),
        ("invoice.pdf.exe", "invoice_pdf.exe"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a.pdf      .scr", "a_pdf.scr"),
        ("archive.tar.gz", "archive.tar.gz"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("CON.txt", "_CON.txt"),
        ("か\u3099.txt", "が.txt"),
        ("a.txt. . ", "a.txt"),
        ("", "attachment-3.pdf"),
        ("///", "attachment-3.pdf"),
    ],
)
def test_name_is_harmless(as_sent: str, safe: str) -> None:
    assert safe_filename(as_sent, content_type="application/pdf", number=3) == safe


def test_long_name_keeps_its_extension() -> None:
    name = safe_filename("長" * 500 + ".pdf", content_type="application/pdf", number=1)
    assert name.endswith("長.pdf")
    assert len(name) <= MAX_CHARACTERS
    assert len(name.encode()) <= MAX_BYTES


@pytest.mark.parametrize(
    ("as_sent", "subject", "name"),
    [("", "件名/1", "1.eml"), ("", "", "message-2.eml"), ("a.EML", "x", "a.EML"), ("a", "x", "a.eml")],
)
def test_embedded_message_ends_in_eml(as_sent: str, subject: str, name: str) -> None:
    assert message_filename(as_sent, subject=subject, number=2) == name
