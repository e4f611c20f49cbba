"""Names are harmless, kinds come from the bytes, limits refuse with a reason."""

import zipfile
from io import BytesIO

import pytest

from anshin.plumbing.files import limits
from anshin.plumbing.files.kinds import kind_of
from anshin.plumbing.files.limits import FileForbidden, FileTooLarge, check_file, check_total, is_dangerous
from anshin.plumbing.files.names import ending_of, harmless_name, runs_when_opened


@pytest.mark.parametrize(
    ("given", "harmless"),
    [
        ("領収書.pdf", "領収書.pdf"),
        ("𠮷田様_🎁.jpg", "𠮷田様_🎁.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\写真.png", "写真.png"),
        ("/tmp/", "tmp"),
        ("a\x00b\r\nc\x7f.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066x\u2069.pdf", "x.pdf"),
        ("photo.exe.jpg", "photo_exe.jpg"),
        ("photo.EXE .jpg", "photo_EXE.jpg"),
        ("2026.11.20 report.xlsx", "2026.11.20 report.xlsx"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("CON.txt", "_CON.txt"),
        ("con", "_con"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ('a<b>:"c"|?*.txt', "a_b___c____.txt"),
        ("  .. hidden . ", "hidden"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("か\u3099.txt", "が.txt"),
        ("a\u2028b.txt", "ab.txt"),
    ],
)
def test_a_name_becomes_harmless(given, harmless):
    assert harmless_name(given) == harmless


@pytest.mark.parametrize("given", ["領収書.exe.jpg", "../con", "x" * 300 + ".pdf", "𠮷" * 100, "a.b.c.js.html"])
def test_a_harmless_name_stays_as_it_is(given):
    assert harmless_name(harmless_name(given)) == harmless_name(given)


def test_a_long_name_keeps_its_ending_and_whole_characters():
    assert harmless_name("a" * 300 + ".pdf") == "a" * 116 + ".pdf"
    name = harmless_name("𠮷" * 100 + ".pdf")
    assert name == "𠮷" * 59 + ".pdf"
    assert len(name.encode()) <= 240


@pytest.mark.parametrize(
    ("name", "runs"),
    [("a.exe", True), ("a.pdf.SCR", True), ("a.html", True), ("a.svg", True), ("a.jpg", False), ("exe", False)],
)
def test_names_that_run_are_known(name, runs):
    assert runs_when_opened(name) is runs


def test_an_ending_is_small_and_without_its_dot():
    assert [ending_of(name) for name in ("A.JPG", "a", "a.tar.gz", "a.sentence is no ending")] == ["jpg", "", "gz", ""]


def _zip_with(name):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"%PDF-1.4", "application/pdf"),
        (b"MZ\x90\x00", "application/x-executable"),
        (b"#!/bin/sh\nrm", "application/x-executable"),
        (_zip_with("a.txt"), "application/zip"),
        (_zip_with("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"<html><script>alert(1)</script>", "text/html"),
        (b"\xef\xbb\xbf  \n<!DOCTYPE html>", "text/html"),
        ("<html>".encode("utf-16"), "text/html"),
        (b"plain words <script>alert(1)</script>", "text/html"),
        (b'<?xml version="1.0"?><svg xmlns="x">', "image/svg+xml"),
        (b"<!-- c --><svg>", "image/svg+xml"),
        (b'<?xml version="1.0"?><order/>', "text/xml"),
        ("注文番号 123".encode(), "text/plain"),
        ("注文番号 123".encode("cp932"), "text/plain"),
        (b"a\x00b", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_a_kind_is_found_in_the_bytes(head, kind):
    assert kind_of(head) == kind


def test_html_that_is_called_a_picture_is_html():
    assert kind_of(b"<html><body onload=alert(1)>") == "text/html"


def test_a_program_is_refused_whatever_it_is_called():
    assert is_dangerous("photo.jpg", kind_of(b"MZ\x90"))
    with pytest.raises(FileForbidden, match=r"report\.pdf"):
        check_file(name="report.pdf", kind=kind_of(b"MZ\x90"), size_bytes=10)
    with pytest.raises(FileForbidden, match=r"a\.vbs"):
        check_file(name="a.vbs", kind="text/plain", size_bytes=10)


def test_sizes_are_refused_above_the_limit_only():
    check_file(name="a.pdf", kind="application/pdf", size_bytes=limits.LARGEST_FILE_BYTES)
    with pytest.raises(FileTooLarge, match="20"):
        check_file(name="a.pdf", kind="application/pdf", size_bytes=limits.LARGEST_FILE_BYTES + 1)
    check_total([limits.LARGEST_TOTAL_BYTES])
    with pytest.raises(FileTooLarge, match="25"):
        check_total([limits.LARGEST_TOTAL_BYTES, 1])
    with pytest.raises(FileTooLarge, match="20"):
        check_total([1] * 21)
