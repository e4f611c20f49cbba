"""A raw mail without the struck words: in every charset and transfer encoding, and still the same mail to look at."""

import base64
import hashlib
import quopri
import re
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.striking import struck_file, struck_mail

CARD = "4111-1111-1111-1111"
WORDS = "秘密の言葉"
GOLDEN = Path(__file__).parent / "golden"
_SOUGHT = re.compile(r"(?<!\d)4111(?:[-\s>]*1111){3}(?!\d)|秘\s*密\s*の\s*言\s*葉")


def find(text: str) -> list[tuple[int, int, str]]:
    return [(*match.span(), "████") for match in _SOUGHT.finditer(text)]


def traces(raw: bytes) -> list[str]:
    """Where an outsider still finds the card or the words: decoding everything that can be decoded."""
    views = {"raw": raw, "qp": quopri.decodestring(raw)}
    lines = re.findall(rb"(?:^[A-Za-z0-9+/]+={0,2}\r?$\n?)+", raw, re.MULTILINE)
    words = re.findall(rb"\?[bB]\?([A-Za-z0-9+/]+)", raw)
    for number, run in enumerate([*lines, *words]):
        joined = re.sub(rb"[\s=]", b"", run)
        joined = joined[: len(joined) - (len(joined) % 4 == 1)]
        views[f"base64-{number}"] = base64.b64decode(joined + b"=" * (-len(joined) % 4))
    found = []
    for name, view in views.items():
        for codec in ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16-le"):
            if find(view.decode(codec, "replace")):
                found.append(f"{name} as {codec}")
    return found


def plain(text: str, charset: str, encoding: str) -> bytes:
    body = text.encode(charset)
    written = {
        "base64": base64.encodebytes(body),
        "quoted-printable": quopri.encodestring(body),
    }.get(encoding, body)
    head = (
        "From: Y <y@mail.example>\nTo: s@shop.example\nSubject: x\nMessage-ID: <a@x>\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + written


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_nothing_stays_in_a_plain_mail(charset: str, encoding: str) -> None:
    raw = plain(f"前の文。\n番号は{CARD}、{WORDS}です。\n後の文。\n", charset, encoding)
    assert traces(raw)
    struck = struck_mail(raw, find)

    assert traces(struck) == []
    mail = parse(struck)
    assert mail.text == "前の文。\n番号は████、████です。\n後の文。\n"
    assert (mail.sender.mail, mail.subject, mail.message_id) == ("y@mail.example", "x", "a@x")


def full_mail(line_end: str = "\n") -> bytes:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "i@mail.example", f"中 {CARD}"
    inner.set_content(f"中の番号 {CARD}", charset="iso-2022-jp", cte="7bit")
    mail = EmailMessage()
    mail["From"] = f"{WORDS} <y@mail.example>"
    mail["To"] = "s@shop.example"
    mail["Subject"] = f"番号 {CARD} について"
    mail["Message-ID"] = "<full@x>"
    mail["X-Note"] = CARD
    mail.set_content(f"番号は\n> 4111 1111\n> 1111 1111\nです。{WORDS}", charset="utf-8", cte="quoted-printable")
    mail.add_alternative(
        f"<p>番号は<b>4111-1111</b>-1111-1111です。</p><img alt='{CARD}'>", subtype="html", cte="base64"
    )
    mail.add_attachment(f"a,{CARD}\n".encode("cp932"), maintype="text", subtype="csv", filename=f"{CARD}.csv")
    mail.add_attachment(b"\x89PNG\x00" + CARD.encode() + b"\x00", maintype="image", subtype="png", filename="p.png")
    mail.add_attachment(b"%PDF-1.4\x00untouched", maintype="application", subtype="pdf", filename="領収書.pdf")
    mail.add_attachment(inner)
    return mail.as_bytes().replace(b"\n", line_end.encode())


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_nothing_stays_in_a_mail_of_many_parts_and_its_structure_does(line_end: str) -> None:
    raw = full_mail(line_end)
    struck = struck_mail(raw, find)

    assert traces(struck) == []
    before, after = message_from_bytes(raw), message_from_bytes(struck)
    assert [part.get_content_type() for part in after.walk()] == [part.get_content_type() for part in before.walk()]
    assert after.defects == []
    mail = parse(struck)
    assert (mail.subject, mail.sender.mail, mail.message_id) == ("番号 ████ について", "y@mail.example", "full@x")
    assert mail.text == "番号は\n> ████\nです。████\n"
    assert "番号は<b>████</b>です。" in mail.html
    assert [part.filename for part in mail.attachments][:3] == ["████.csv", "p.png", "領収書.pdf"]
    assert mail.attachments[2].content == b"%PDF-1.4\x00untouched"
    assert len(mail.attachments[1].content) == len(b"\x89PNG\x00\x00") + len(CARD)


def test_untouched_parts_keep_their_bytes() -> None:
    raw = full_mail()
    pdf = base64.encodebytes(b"%PDF-1.4\x00untouched").strip()
    assert pdf in raw
    assert pdf in struck_mail(raw, find)


def test_a_mail_without_it_stays_as_it_is() -> None:
    raw = plain("4111-1111-1111-1112", "utf-8", "8bit")
    assert struck_mail(raw, find) is raw


def test_a_struck_file_leaves_its_place_and_name() -> None:
    raw = full_mail()
    gone = hashlib.sha256(b"%PDF-1.4\x00untouched").hexdigest()
    mail = parse(struck_mail(raw, lambda _text: [], gone=[gone]))

    assert [part.filename for part in mail.attachments][2] == "領収書.pdf"
    assert mail.attachments[2].content == "████\n".encode()
    assert len(mail.attachments) == len(parse(raw).attachments)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", f"Re: {CARD}"),
        ("Subject", Header(f"番号 {CARD} と長い長い長い長い長い長い長い長い件名です", "iso-2022-jp").encode()),
        ("Subject", Header(f"{WORDS}{WORDS}{WORDS}{WORDS}{WORDS}{WORDS}{WORDS}{WORDS}", "utf-8").encode()),
        ("From", f'"{CARD}" <y@mail.example>'),
        ("From", f"{Header(WORDS, 'utf-8').encode()} <y@mail.example>"),
        ("Reply-To", f"{CARD} <r@mail.example>"),
        ("X-Any", f"a\n {CARD}"),
    ],
)
def test_nothing_stays_in_a_header(name: str, value: str) -> None:
    start = "" if name == "From" else "From: y@mail.example\n"
    raw = f"{start}{name}: {value}\nMessage-ID: <h@x>\n\nHi\n".encode()
    struck = struck_mail(raw, find)

    assert traces(raw)
    assert traces(struck) == []
    assert (parse(struck).sender.mail, parse(struck).text) == ("y@mail.example", "Hi\n")


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "utf-8", "iso-2022-jp"])
def test_nothing_stays_in_a_header_of_raw_bytes(charset: str) -> None:
    raw = b"From: y@mail.example\nSubject: " + f"件名の{WORDS}です".encode(charset) + b"\n\nHi\n"
    struck = struck_mail(raw, find)
    assert traces(struck) == []
    assert parse(struck).subject == "件名の████です"


def test_what_stands_between_the_parts_goes_too() -> None:
    raw = (
        f"From: y@mail.example\nContent-Type: multipart/mixed; boundary=b\n\n{CARD}\n--b\n\nHi\n--b--\n{CARD}\n"
    ).encode()
    assert traces(struck_mail(raw, find)) == []
    assert parse(struck_mail(raw, find)).text == "Hi"


def test_a_wrong_charset_label_hides_nothing() -> None:
    raw = b"From: y@mail.example\nContent-Type: text/plain; charset=iso-8859-1\n\n" + f"これは{WORDS}です".encode(
        "cp932"
    )
    assert traces(struck_mail(raw, find)) == []


def test_what_cannot_be_rewritten_loses_its_body_and_keeps_its_header() -> None:
    raw = (
        b"From: y@mail.example\nMessage-ID: <m@x>\nContent-Type: multipart/mixed\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(f"--x\n\n{CARD}".encode())
    )
    struck = struck_mail(raw, find)
    assert traces(struck) == []
    assert (parse(struck).message_id, parse(struck).text) == ("m@x", "████\n")


def test_a_csv_keeps_its_charset() -> None:
    assert struck_file(f"名前,{CARD}\n".encode("cp932"), find) == "名前,■■■■\n".encode("cp932")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("**/*.eml")), ids=lambda path: path.name)
def test_golden_mails_without_it_are_left_alone(path: Path) -> None:
    raw = path.read_bytes()
    assert struck_mail(raw, find) is raw


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("**/*.eml")), ids=lambda path: path.name)
def test_the_first_words_of_every_golden_mail_can_be_struck(path: Path) -> None:
    raw = path.read_bytes()
    mail = parse(raw)
    words = next((line.strip() for line in mail.text.splitlines() if len(line.strip()) >= 6), "")
    if not words:
        pytest.skip("has no words")

    def these(text: str) -> list[tuple[int, int, str]]:
        return [(*found.span(), "████") for found in re.finditer(re.escape(words), text)]

    struck = parse(struck_mail(raw, these))
    assert words not in struck.text
    assert words not in struck.subject
    assert (struck.message_id, struck.sender.mail) == (mail.message_id, mail.sender.mail)
    assert len(struck.attachments) == len(mail.attachments) or "████" in struck.text


_PIECES = [
    *(CARD, "\n", "\r\n", " ", "--b", "--b--", "Content-Type: multipart/mixed; boundary=b", "Content-Type: text/html"),
    *("Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Subject: ", "あ", "<b>"),
    *("Content-Type: message/rfc822", "From: a@b.example", "=\n", "=?utf-8?B?", "?="),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_no_bytes_make_it_fail_and_nothing_is_read_afterwards(pieces: list[str]) -> None:
    mail = parse(struck_mail("".join(pieces).encode(), find))
    assert not find(mail.text)
    assert not find(mail.subject)
