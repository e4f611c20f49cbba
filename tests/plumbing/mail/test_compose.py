"""The bytes that leave: stable, whole, and free of added headers."""

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingFile, OutgoingMail, compose
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import Address

GOLDEN = Path(__file__).parent / "golden"
SENT_AT = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=9)))


def outgoing(**changes: object) -> OutgoingMail:
    plain: dict = {
        "sender": Address("安心ショップ サポート", "support@shop.example"),
        "to": (Address("髙﨑 𠮷子", "taro..x@docomo.ne.jp"), Address('O"Neil, J.', "j@example.com")),
        "subject": "Re: ご注文 A-1001 の件①㈱😀",
        "text": "髙﨑様\n\nお世話になっております。\nhttps://shop.example/a?b=1&c=2\n> 元の文\n以上\n",
        "message_id": "m1@shop.example",
        "sent_at": SENT_AT,
    }
    return OutgoingMail(**(plain | changes))


FULL = outgoing(
    cc=(Address("", "cc@example.com"),),
    reply_to=Address("", "support+c12-abcdefghijklmnop@shop.example"),
    in_reply_to="<q1@customer.example>",
    references=("q0@customer.example", "<q1@customer.example>"),
    files=(
        OutgoingFile("請求書①㈱髙﨑商店の長い長い長い名前.pdf", "application/pdf", b"%PDF" * 40),
        OutgoingFile("plain name.txt", "text/plain", b"x"),
        OutgoingFile("logo.png", "image/png", b"PNG", content_id="logo@shop.example"),
    ),
    auto_submitted=AutoSubmitted.REPLIED,
    desk_mark="desk-1",
)


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("outgoing_full", FULL),
        ("outgoing_simple", outgoing()),
        (
            "outgoing_ascii",
            outgoing(sender=Address("Shop", "s@x.jp"), to=(Address("", "t@x.jp"),), subject="Hi", text="Hello\n"),
        ),
    ],
)
def test_bytes_are_the_golden_ones(name: str, mail: OutgoingMail) -> None:
    assert compose(mail) == (GOLDEN / f"{name}.eml").read_bytes()


def test_our_reader_reads_back_what_was_written() -> None:
    mail = parse(compose(FULL))
    assert (mail.subject, mail.sender, mail.to, mail.cc) == (FULL.subject, FULL.sender, FULL.to, FULL.cc)
    assert (mail.text, mail.message_id, mail.reply_to) == (FULL.text, "m1@shop.example", (FULL.reply_to,))
    assert (mail.in_reply_to, mail.references) == (
        ("q1@customer.example",),
        ("q0@customer.example", "q1@customer.example"),
    )
    assert mail.date == SENT_AT.astimezone(UTC)
    assert {(part.filename, part.content, part.inline) for part in mail.attachments} == {
        (file.filename, file.content, bool(file.content_id)) for file in FULL.files
    }
    assert mail.header("Auto-Submitted") == "auto-replied"
    assert mail.header("X-Anshin-Desk") == "desk-1"
    assert mail.defects == ()


def test_the_standard_library_reads_back_what_was_written() -> None:
    mail = message_from_bytes(compose(FULL), policy=policy.default)
    assert (mail["subject"], mail.defects) == (FULL.subject, [])
    assert [part.get_filename() for part in mail.walk() if part.get_filename()] == [
        "logo.png",
        "請求書①㈱髙﨑商店の長い長い長い名前.pdf",
        "plain name.txt",
    ]


def test_lines_are_short_ascii_with_crlf() -> None:
    raw = compose(outgoing(subject="件" * 300, text="長い行" * 1_000, to=FULL.to * 20))
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_long_ascii_subject_is_folded_and_unchanged() -> None:
    subject = "word " * 60 + "x" * 200
    raw = compose(outgoing(subject=subject))
    assert parse(raw).subject == subject
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_references_keep_the_first_and_the_latest() -> None:
    ids = tuple(f"r{number}@x.jp" for number in range(100))
    assert parse(compose(outgoing(references=ids))).references == (ids[0], *ids[-19:])


def test_recipients_are_each_named_once() -> None:
    mail = outgoing(to=(Address("A", "a@x.jp"), Address("B", "a@x.jp")), cc=(Address("", "c@x.jp"),))
    assert mail.recipients == ("a@x.jp", "c@x.jp")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": "a\r\nBcc: evil@x.jp"}, "line_break_in_header"),
        ({"subject": "a\nb"}, "line_break_in_header"),
        ({"subject": "a\u2028b"}, "line_break_in_header"),
        ({"sender": Address("a\r\nBcc: x", "s@x.jp")}, "line_break_in_header"),
        ({"to": (Address("", "a@x.jp\r\nBcc: evil@x.jp"),)}, "line_break_in_header"),
        ({"to": (Address("", "a@x.jp, evil@x.jp"),)}, "address_unusable"),
        ({"to": (Address("", "a@x.jp>, <evil@x.jp"),)}, "address_unusable"),
        ({"to": (Address("", "nowhere"),)}, "address_unusable"),
        ({"to": (Address("", "a@x..jp"),)}, "address_unusable"),
        ({"to": ()}, "no_recipient"),
        ({"message_id": "a b@x"}, "message_id_unusable"),
        ({"message_id": "a@x>\r\nX: y"}, "message_id_unusable"),
        ({"references": ("a@x\r\n",)}, "message_id_unusable"),
        ({"desk_mark": "a\r\nb"}, "line_break_in_header"),
        ({"files": (OutgoingFile("a\r\nb.txt", "text/plain", b""),)}, "line_break_in_header"),
        ({"files": (OutgoingFile("a", "text/plain\r\nX: y", b""),)}, "content_type_unusable"),
        ({"sent_at": datetime(2026, 1, 1)}, "moment_without_zone"),  # noqa: DTZ001
    ],
)
def test_refused_when_a_header_could_be_added_or_broken(changes: dict, code: str) -> None:
    with pytest.raises(NotComposed) as refusal:
        compose(outgoing(**changes))
    assert refusal.value.code == code


def test_other_peoples_mail_travels_as_a_plain_file() -> None:
    mail = parse(compose(outgoing(files=(OutgoingFile("転送.eml", "message/rfc822", b"Subject: x\r\n\r\ny"),))))
    assert [(part.filename, part.content_type, part.content) for part in mail.attachments] == [
        ("転送.eml", "application/octet-stream", b"Subject: x\r\n\r\ny")
    ]


def test_international_domain_is_written_in_ascii() -> None:
    assert b"To: a@xn--wgv71a.jp" in compose(outgoing(to=(Address("", "a@日本.jp"),)))
