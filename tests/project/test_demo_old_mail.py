"""Demo mails in the old encoding are ones that our own reader must understand."""

import pytest

from anshin.plumbing.mail.jis import decode_iso2022jp
from anshin.project.demo_shop.old_mail import as_iso_2022_jp
from anshin.project.demo_shop.story import read_story


def read_back(raw: bytes) -> str:
    return decode_iso2022jp(raw, lambda stray: f"<{stray!r}>")


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("abc", b"abc"),
        ("日本", b"\x1b$BF|K\\\x1b(B"),
        ("a①b", b"a\x1b$B-!\x1b(Bb"),
        ("髙", b"\x1b$B|b\x1b(B"),
    ],
)
def test_known_characters_have_their_known_bytes(text: str, raw: bytes) -> None:
    assert as_iso_2022_jp(text) == raw


@pytest.mark.parametrize("text", ["髙橋㈱﨑①Ⅲ㎏", "二行\nでも", "ASCII only", "", "混ざる mixed テキスト!"])
def test_our_reader_gets_the_text_back(text: str) -> None:
    assert read_back(as_iso_2022_jp(text)) == text


def test_every_mail_of_the_story_in_that_style_can_be_written_and_read() -> None:
    texts = [
        part
        for shop in read_story().shops
        for case in shop.cases
        for message in case.messages
        if message.mail_style == "iso-2022-jp"
        for part in (case.subject, message.text)
    ]
    assert len(texts) >= 12
    assert [text for text in texts if read_back(as_iso_2022_jp(text)) != text] == []


def test_refused_when_no_old_program_could_write_it() -> None:
    with pytest.raises(UnicodeEncodeError):
        as_iso_2022_jp("𠮷田")
