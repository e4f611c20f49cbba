"""A person chooses in which characters a mail is read: that choice wins, and what was right before stays right."""

import pytest

from anshin.plumbing.mail.charsets import READABLE_AS
from anshin.plumbing.mail.composed import composed
from anshin.plumbing.mail.reader import parse

HEAD = b"From: a@mail.example\r\nMessage-ID: <r@x>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\n"


@pytest.mark.parametrize(
    ("codec", "words"),
    [("big5", "請問出貨日期"), ("euc-kr", "배송 문의"), ("gb18030", "请问发货时间"), ("cp1252", "Café à Zürich")],
)
def test_unlabelled_text_and_subject_are_read_as_chosen(codec: str, words: str) -> None:
    chosen = {"big5": "cp950", "euc-kr": "cp949"}.get(codec, codec)
    raw = b"Subject: " + words.encode(codec) + b"\r\n" + HEAD + b"\r\n" + words.encode(codec)

    mail = parse(raw, read_as=chosen)

    assert (mail.subject, mail.text) == (words, words)
    assert (mail.charset_choice.used, mail.charset_choice.reason) == (chosen, "chosen")


def test_a_wrong_label_on_words_and_text_gives_way() -> None:
    words = "배송 문의".encode("euc-kr")
    raw = b"Subject: =?gb2312?Q?" + b"".join(b"=%02X" % byte for byte in words) + b"?=\r\n" + HEAD
    raw += b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + words

    mail = parse(raw, read_as="cp949")

    assert (mail.subject, mail.text) == ("배송 문의", "배송 문의")
    assert mail.charset_choice.declared == "gb2312"


@pytest.mark.parametrize("chosen", READABLE_AS)
def test_every_choice_leaves_a_plain_mail_as_it_is(chosen: str) -> None:
    raw = b"Subject: =?UTF-8?B?5rOo5paH?= KM-1\r\n" + HEAD + b"\r\nhello\r\n"

    assert parse(raw, read_as=chosen).text == "hello\n"
    assert parse(raw, read_as=chosen).subject == "注文 KM-1"


@pytest.mark.parametrize("chosen", READABLE_AS)
def test_every_choice_reads_any_bytes(chosen: str) -> None:
    raw = b"Subject: \xff\x80=?x?B?//8=?=\r\n" + HEAD + b"\r\n" + bytes(range(256)) + b"\x1b$B\xff"

    assert "reader_failed" not in parse(raw, read_as=chosen).defects


def test_a_set_that_is_not_offered_changes_nothing() -> None:
    raw = b"Subject: x\r\n" + HEAD + "\r\n注文です。".encode()

    assert parse(raw, read_as="hex") == parse(raw)


@pytest.mark.parametrize(
    ("sent", "whole"),
    [
        ("か\u3099き\u309a", "がき\u309a"),
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("\ufa10\ufa19\ufa1b", "\ufa10\ufa19\ufa1b"),
        ("\u3099", "\u3099"),
        ("plain", "plain"),
    ],
)
def test_pieces_become_whole_characters_and_kanji_of_names_stay(sent: str, whole: str) -> None:
    assert composed(sent) == whole


def test_a_files_name_is_read_as_chosen_too() -> None:
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nhello\r\n'
    for header in (b"Content-Disposition: attachment; filename", b"Content-Type: application/pdf; name"):
        raw += b"--b\r\n" + header + b'="' + "收据.pdf".encode("gb18030") + b'"\r\n\r\n%PDF\r\n'

    names = [part.filename for part in parse(raw + b"--b--\r\n", read_as="gb18030").attachments]

    assert names == ["收据.pdf", "收据.pdf"]
