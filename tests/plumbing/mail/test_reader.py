"""What the reader makes of whole mails: words, files, limits, quarantine."""

import base64

import pytest

from anshin.plumbing.mail import bodies, reader, structure
from anshin.plumbing.mail.headers import MAX_VALUE_CHARS
from anshin.plumbing.mail.reader import parse, unreadable
from anshin.plumbing.mail.values import Address, Unreadable

HEAD = b"From: Taro <taro@example.jp>\r\nTo: shop@example.jp\r\nSubject: s\r\nMessage-ID: <m@x>\r\n"
HEAD += b"Date: Sun, 1 Nov 2026 10:00:00 +0900\r\n"


def multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return HEAD + f'Content-Type: multipart/{kind}; boundary="B"\r\n\r\n'.encode() + body + b"--B--\r\n"


PLAIN = b"Content-Type: text/plain\r\n\r\nplain words"
HTML = b"Content-Type: text/html\r\n\r\n<p>rich <b>words</b></p>"
PDF = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg=="


def test_plain_mail_is_read_whole() -> None:
    mail = parse(HEAD + b"Cc: B <b@x.jp>\r\nReply-To: c@x.jp\r\nReferences: <r1@x> <r2@x>\r\n\r\nhello\r\nworld\r\n")
    assert mail.sender == Address("Taro", "taro@example.jp")
    assert (mail.cc, mail.reply_to) == ((Address("B", "b@x.jp"),), (Address("", "c@x.jp"),))
    assert (mail.message_id, mail.references, mail.in_reply_to) == ("m@x", ("r1@x", "r2@x"), ())
    assert (mail.text, mail.html, mail.attachments, mail.defects) == ("hello\nworld\n", "", (), ())
    assert mail.header("reply-to") == "c@x.jp"


def test_alternatives_are_not_shown_twice() -> None:
    mail = parse(multipart("alternative", PLAIN, HTML))
    assert (mail.text, mail.html) == ("plain words", "<p>rich <b>words</b></p>")


def test_empty_plain_alternative_gives_way_to_the_html() -> None:
    mail = parse(multipart("alternative", b"Content-Type: text/plain\r\n\r\n \r\n", HTML))
    assert mail.text == "rich words\n"


def test_words_before_and_after_a_file_are_joined_on_both_sides() -> None:
    mail = parse(multipart("mixed", PLAIN, PDF, HTML))
    assert mail.text == "plain words\nrich words\n"
    assert mail.html == '<div style="white-space: pre-wrap">plain words</div>\n<p>rich <b>words</b></p>'
    assert [(part.filename, part.content) for part in mail.attachments] == [("a.pdf", b"%PDF")]


def test_picture_used_by_the_html_is_inline() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <Pic@x>\r\nContent-Disposition: attachment\r\n\r\nPNG"
    mail = parse(multipart("related", b'Content-Type: text/html\r\n\r\n<img src="cid:pic@x">', picture))
    assert [(part.filename, part.filename_as_sent, part.inline) for part in mail.attachments] == [
        ("attachment-1.png", "", True)
    ]


def test_embedded_message_is_kept_whole_as_eml() -> None:
    inner = b"From: x@y.jp\r\nSubject: =?UTF-8?B?5YWD44Gu44Oh44O844Or?=\r\n\r\ninner words"
    mail = parse(multipart("mixed", PLAIN, b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert [(part.filename, part.content) for part in mail.attachments] == [("元のメール.eml", inner)]
    assert mail.text == "plain words"
    assert parse(mail.attachments[0].content).text == "inner words"


def test_text_file_stays_a_file() -> None:
    file = b"Content-Type: text/plain; name=log.txt\r\nContent-Disposition: inline\r\n\r\nlog"
    mail = parse(multipart("mixed", PLAIN, file))
    assert (mail.text, [part.filename for part in mail.attachments]) == ("plain words", ["log.txt"])


def test_html_only_mail_has_readable_text() -> None:
    assert parse(HEAD + b"Content-Type: text/html\r\n\r\n<p>a</p><p>b</p>").text == "a\n\nb\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n \0", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no_headers"),
        (b"just some words\nwithout a header\n", "no_headers"),
        (b"Subject: x\r\n\r\nwho wrote this?", "no_sender"),
    ],
)
def test_unreadable_mail_names_its_reason(raw: bytes, reason: str) -> None:
    assert unreadable(parse(raw)) == Unreadable(reason)


def test_failure_of_the_reader_itself_is_told_and_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise RecursionError

    monkeypatch.setattr(reader, "take_apart", fail)
    mail = parse("From: a@b.jp\r\n\r\n助けて".encode())
    assert unreadable(mail) == Unreadable("reader_failed")
    assert mail.defects == ("reader_failed", "failure_RecursionError")
    assert mail.text == "From: a@b.jp\n\n助けて"


def test_sender_is_sought_elsewhere_when_from_is_missing() -> None:
    mail = parse(b"Sender: s@x.jp\r\nReturn-Path: <r@x.jp>\r\n\r\nx")
    assert mail.sender == Address("", "s@x.jp")
    assert "sender_missing" in mail.defects


@pytest.mark.parametrize("defect", ["message_id_missing", "date_missing"])
def test_missing_header_is_a_defect_but_no_quarantine(defect: str) -> None:
    mail = parse(b"From: a@b.jp\r\n\r\nx")
    assert defect in mail.defects
    assert unreadable(mail) is None


@pytest.mark.parametrize(
    ("raw", "text", "defect"),
    [
        (b"Content-Type: multipart/mixed\r\n\r\n--Q\r\n\r\na\r\n--Q--\r\n", "a", "boundary_wrong"),
        (b"Content-Type: multipart/mixed; boundary=Z\r\n\r\nno parts", "no parts", "boundary_missing"),
        (b"Content-Type: multipart/mixed; boundary=Q\r\n\r\n--Q\r\n\r\na", "a", "closing_boundary_missing"),
        (b"Content-Type: text\r\n\r\na", "a", "content_type_unreadable"),
        (b"Content-Transfer-Encoding: magic\r\n\r\na", "a", "transfer_encoding_unknown"),
        (b"Content-Transfer-Encoding: base64\r\n\r\nYWJj!ZGVm", "abcdef", "base64_damaged"),
        (b"oops\r\nX-A: b\r\n\r\na", "a", "stray_header_line"),
        (b"no blank line before me\r\nsecond", "no blank line before me\nsecond", "header_end_missing"),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xe3\x81\x82\xe3\x81", "あ\ufffd", "text_damaged"),
        (b"X: a\0b\r\nSubject: c\0d\r\n\r\na", "a", "nul_in_header"),
    ],
)
def test_damage_is_read_through_and_told(raw: bytes, text: str, defect: str) -> None:
    mail = parse(b"From: a@b.jp\r\n" + raw)
    assert mail.text.removesuffix("\n") == text
    assert defect in mail.defects
    assert unreadable(mail) is None


@pytest.mark.parametrize("prefix", [b"From a@b Sun Nov  1 10:00:00 2026\n", b"\xef\xbb\xbf", b"\r\n\r\n", b">From x\n"])
def test_what_mailboxes_put_before_a_mail_is_skipped(prefix: bytes) -> None:
    assert parse(prefix + HEAD + b"\r\nx").subject == "s"


def test_old_macintosh_line_ends_are_read() -> None:
    mail = parse((HEAD + b"\r\na\r\nb").replace(b"\r\n", b"\r"))
    assert (mail.subject, mail.text) == ("s", "a\nb")


def test_base64_text_of_several_pieces_is_read_to_its_end() -> None:
    glued = base64.b64encode(b"one ") + b"\r\n" + base64.b64encode(b"two")
    assert parse(HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + glued).text == "one two"


def nested(levels: int) -> bytes:
    openings = (
        b'Content-Type: multipart/mixed; boundary="L%d"\r\n\r\n--L%d\r\n' % (level, level) for level in range(levels)
    )
    return b"From: a@b.jp\r\n" + b"".join(openings) + b"\r\nthe innermost words"


def test_nesting_within_the_limit_is_read() -> None:
    assert parse(nested(structure.MAX_DEPTH)).text == "the innermost words"


@pytest.mark.parametrize("levels", [60, 3_000])
def test_nesting_beyond_the_limit_is_kept_as_a_file(levels: int) -> None:
    mail = parse(nested(levels))
    assert "nested_too_deep" in mail.defects
    assert mail.attachments[0].content.endswith(b"the innermost words")
    assert unreadable(mail) is None


def test_parts_beyond_the_limit_are_kept_as_one_file() -> None:
    mail = parse(multipart("mixed", *(b"Content-Type: a/b\r\n\r\n%d" % number for number in range(2_000))))
    assert "too_many_parts" in mail.defects
    assert len(mail.attachments) == structure.MAX_PARTS
    assert mail.attachments[0].content == b"0"
    assert mail.attachments[-1].content.endswith(b"\r\n1999\r\n--B--\r\n")


def test_text_beyond_the_limit_is_cut_and_kept_as_a_file() -> None:
    mail = parse(HEAD + b"\r\n" + b"0123456789\r\n" * 500_000)
    assert "text_too_long" in mail.defects
    assert len(mail.text) <= bodies.MAX_TEXT_BYTES
    assert len(mail.attachments[0].content) == 6_000_000


@pytest.mark.parametrize("name", [b"Subject", b"To", b"Content-Type"])
@pytest.mark.parametrize(
    "piece",
    [
        *(b"a", b"=?utf-8?B?44GC?= ", b"=?utf-8?b?", b'"\\', b"<", b"(", b"a@b.jp, ", b";x*0*=%", b"<a@b> "),
        *(b"a=", b'"', b"\\", b"=?", b"@", b"a b:", b"%1B$B", b"(a\\", b"\r", b"\x1b$B", b"\xff", b" ", b"\t ", b","),
    ],
)
def test_header_beyond_the_limit_is_cut_and_told(name: bytes, piece: bytes) -> None:
    value = b"x" + piece * (120_000 // len(piece))
    mail = parse(b"From: a@b.jp\r\nX: y\r\n" + name + b": " + value + b"\r\n\r\nwords")
    assert "reader_failed" not in mail.defects
    assert max(len(kept) for _name, kept in mail.headers) <= MAX_VALUE_CHARS


def test_headers_beyond_the_limit_are_counted_out() -> None:
    mail = parse(b"From: a@b.jp\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\nwords")
    assert "too_many_headers" in mail.defects
    assert (mail.text, len(mail.headers)) == ("words", reader.MAX_KEPT_HEADERS)
