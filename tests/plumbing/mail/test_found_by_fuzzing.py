"""Mails on which `bench/fuzz_mail.py` once found a fault; small forms of them, kept so that it does not come back."""

from pathlib import Path

import pytest

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.charsets import READABLE_AS
from anshin.plumbing.mail.reader import parse, unreadable

FOUND = sorted((Path(__file__).parent / "found_by_fuzzing").glob("*.eml"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
@pytest.mark.parametrize("chosen", ["", *READABLE_AS])
def test_it_is_read(path: Path, chosen: str) -> None:
    mail = parse(path.read_bytes(), read_as=chosen)

    assert "reader_failed" not in mail.defects
    assert unreadable(mail) is None


def test_a_jis_line_after_an_ascii_one_that_pairs_up_is_jis_again() -> None:
    text = parse(
        (Path(__file__).parent / "found_by_fuzzing" / "jis_line_between_two_that_pair_up.eml").read_bytes()
    ).text

    assert text.splitlines() == ["こん", "odd", "にちはそ"]


def test_even_a_fault_of_the_decoder_itself_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charsets, "decode", lambda *_given: 1 / 0)

    mail = parse("From: a@mail.example\r\n\r\nこん\0にちは".encode())

    assert mail.defects == ("reader_failed", "failure_ZeroDivisionError")
    assert "こん\ufffdにちは" in mail.text
