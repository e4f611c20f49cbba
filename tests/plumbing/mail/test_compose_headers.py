"""What a DKIM signer and the relays behind it see: each header once, nothing they rewrite, lines that nobody breaks."""

import base64
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anshin.plumbing.mail.compose import NotComposed, OutgoingFile, OutgoingMail, compose
from anshin.plumbing.mail.values import Address

SENT_AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
ONE_TO_ONE = [
    "Date", "From", "To", "Cc", "Reply-To", "Message-ID", "In-Reply-To", "References", "Subject", "X-Anshin-Desk",
    "MIME-Version", "Content-Type",
]  # fmt: skip
OF_LISTS = {"list-id", "list-unsubscribe", "list-unsubscribe-post", "list-post", "precedence", "auto-submitted",
            "feedback-id", "x-mailer", "bcc", "return-path", "sender", "received"}  # fmt: skip


def reply(**changes: object) -> OutgoingMail:
    plain: dict = {
        "sender": Address("こもれび雑貨店 お客様係", "shop@komorebi.example"),
        "to": (Address("髙橋 美咲", "misaki@example.jp"),),
        "cc": (Address("", "haru@example.jp"),),
        "subject": "Re: ご注文KM-10231の配送について①",
        "text": "髙橋様\n\n明日お届けします。\n",
        "message_id": "12.abc@komorebi.example",
        "sent_at": SENT_AT,
        "reply_to": Address("こもれび雑貨店", "shop+12-abcdefghijklmnop@komorebi.example"),
        "in_reply_to": "q1@example.jp",
        "references": ("q0@example.jp", "q1@example.jp"),
        "desk_mark": "1-abc",
    }
    return OutgoingMail(**(plain | changes))


def header_of(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]


def names_of(raw: bytes) -> list[str]:
    return [line.partition(b":")[0].decode() for line in header_of(raw).split(b"\r\n") if line[:1] not in b" \t"]


def test_a_one_to_one_mail_has_each_header_once_and_none_of_a_mailing() -> None:
    raw = compose(reply())
    assert names_of(raw) == ONE_TO_ONE
    assert {name.lower() for name in names_of(raw)} & OF_LISTS == set()


def test_an_empty_subject_leaves_no_blank_that_a_relay_would_trim() -> None:
    assert b"\r\nSubject:\r\n" in compose(reply(subject=""))


def test_several_blanks_in_a_long_subject_make_no_line_of_blanks_alone() -> None:
    header = header_of(compose(reply(subject=("x" * 66 + "  " + "y" * 70 + "   ") * 3)))
    assert [line for line in header.split(b"\r\n") if not line.strip() or line.endswith((b" ", b"\t"))] == []


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
_BODY = st.text(st.characters(codec="utf-8"), max_size=2_000)


@settings(max_examples=150, deadline=None)
@given(subject=_WORDS, name=_WORDS, file_name=_WORDS, text=_BODY, count=st.integers(0, 40))
def test_whatever_is_written_travels_in_short_ascii_lines(
    subject: str, name: str, file_name: str, text: str, count: int
) -> None:
    references = tuple(f"{number}.{'r' * 80}@example.jp" for number in range(count))
    files = (OutgoingFile(file_name, "application/pdf", text.encode()),)
    mail = reply(subject=subject, to=(Address(name, "a@x.jp"),), text=text, references=references, files=files)
    try:
        raw = compose(mail)
    except NotComposed as refusal:
        assert refusal.code == "line_break_in_header"
        return
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    header = header_of(raw).split(b"\r\n")
    assert [line for line in header if len(line) > 78 and b" " in line.partition(b": ")[2]] == []
    assert [line for line in header if line != line.rstrip(b" \t")] == []
    assert len(names_of(raw)) == len({name.lower() for name in names_of(raw)})
    assert set(re.findall(rb"(?im)^content-transfer-encoding: *(.*)\r$", raw)) <= {b"7bit", b"base64"}


@pytest.mark.parametrize("words", ["x" * 5_000, "ア" * 5_000, "a" * 997 + "\n" + "b" * 3_000])
def test_a_line_that_no_server_takes_is_wrapped_in_base64(words: str) -> None:
    raw = compose(reply(text=words))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    part = raw.split(b"Content-Transfer-Encoding: base64\r\n\r\n")[1].partition(b"\r\n--")[0]
    assert base64.b64decode(part).decode() == words.replace("\n", "\r\n") + "\r\n"
