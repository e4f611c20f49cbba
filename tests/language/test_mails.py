"""Mail addresses: one key, and which texts are addresses at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.mails import looks_like_mail, mail_key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Yukiko@Example.COM", "yukiko@example.com"),
        (" ｙｕｋｉｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ　", "yukiko@example.com"),
        ("<yukiko@example.com>", "yukiko@example.com"),
        ("mailto:yukiko@example.com", "yukiko@example.com"),
        ("yukiko\u200b@example.com", "yukiko@example.com"),
        ("yukiko@example.com.", "yukiko@example.com"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ("ab.@ezweb.ne.jp", "ab.@ezweb.ne.jp"),
        ("user@日本.jp", "user@xn--wgv71a.jp"),
        ("user@xn--wgv71a.jp", "user@xn--wgv71a.jp"),
        ("a.b+shop@gmail.com", "a.b+shop@gmail.com"),
        ('"a b"@example.com', '"a b"@example.com'),
        ("柏木", "柏木"),
        ("", ""),
    ],
)
def test_mail_key_is(address: str, key: str) -> None:
    assert mail_key(address) == key


@pytest.mark.parametrize(
    "text",
    [
        "yukiko@example.com",
        "a..b@docomo.ne.jp",
        ".ab@docomo.ne.jp",
        "ab.@ezweb.ne.jp",
        "-a-@softbank.ne.jp",
        '"a..b"@docomo.ne.jp',
        "ｙｕｋｉｋｏ＠example．com",
        "user@日本.jp",
        "a+b=c@sub-domain.example.co.jp",
        "<yukiko@example.com>",
    ],
)
def test_looks_like_mail(text: str) -> None:
    assert looks_like_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "柏木",
        "@example.com",
        "yukiko@",
        "yukiko@example",
        "yukiko@example..com",
        "yukiko@-example.com",
        "yukiko@192.168.0.1",
        "yuki ko@example.com",
        "yukiko@example.com, hana@example.com",
        "柏木 <yukiko@example.com>",
        "a@b@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + "b." * 130 + "com",
    ],
)
def test_does_not_look_like_mail(text: str) -> None:
    assert not looks_like_mail(text)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert mail_key(mail_key(text)) == mail_key(text)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a@" + "b." * 500_000, "@" * 1_000_000, '"' * 1_000_000])
def test_long_texts_are_refused_quickly(text: str) -> None:
    before = time.process_time()
    assert not looks_like_mail(text)
    assert time.process_time() - before < 2
