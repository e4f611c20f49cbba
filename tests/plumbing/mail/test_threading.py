"""Tokens, ids and subjects by which an answer finds its thread."""

import pytest

from anshin.plumbing.mail.threading import (
    make_token,
    normalise_message_id,
    plain_subject,
    read_token,
    reference_for,
    reply_address,
    token_in,
)

KEY, OLD_KEY = b"k" * 32, b"o" * 32


def test_token_is_read_with_its_key_in_any_case() -> None:
    token = make_token("c1042", key=KEY)
    assert token == "c1042-" + token[6:]
    assert len(token) == 22
    assert read_token(token, keys=[KEY]) == "c1042"
    assert read_token(token.upper(), keys=[OLD_KEY, KEY]) == "c1042"


@pytest.mark.parametrize("change", [lambda t: "c1043" + t[5:], lambda t: t[:-1] + ("a" if t[-1] != "a" else "b")])
def test_changed_token_is_refused(change) -> None:
    assert read_token(change(make_token("c1042", key=KEY)), keys=[KEY]) is None


@pytest.mark.parametrize("token", ["", "c1042", "c1042-", "c1042-aaaaaaaaaaaaaaaa", "-" * 40, "あ-aaaaaaaaaaaaaaaa"])
def test_forged_token_is_refused(token: str) -> None:
    assert read_token(token, keys=[KEY]) is None


def test_token_of_another_key_is_refused() -> None:
    assert read_token(make_token("c1", key=OLD_KEY), keys=[KEY]) is None


@pytest.mark.parametrize("reference", ["", "C1", "a-b", "a" * 21, "あ"])
def test_reference_must_be_short_lower_case_letters_and_digits(reference: str) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        make_token(reference, key=KEY)


def test_reply_address_carries_the_token_and_is_found_again() -> None:
    token = make_token("c1042", key=KEY)
    address = reply_address("support@shop.example", token)
    assert address == f"support+{token}@shop.example"
    assert token_in(address) == token
    assert reference_for(["x@y.jp", address.upper()], keys=[KEY]) == "c1042"
    assert reference_for(["x+c1042-aaaaaaaaaaaaaaaa@y.jp"], keys=[KEY]) is None


def test_reply_address_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="64 octets"):
        reply_address("a" * 50 + "@x.jp", make_token("c1", key=KEY))


@pytest.mark.parametrize(
    ("address", "token"), [("a@b.jp", None), ("a+@b.jp", None), ("a+t@b.jp", "t"), ("a+x+T@b.jp", "t"), ("", None)]
)
def test_token_in_an_address(address: str, token: str | None) -> None:
    assert token_in(address) == token


@pytest.mark.parametrize(
    ("given", "bare"), [("<A@Host.JP>", "A@host.jp"), (" <a@\r\n b> ", "a@b"), ("no-at", "no-at"), ("", "")]
)
def test_message_id_is_bare_and_comparable(given: str, bare: str) -> None:
    assert normalise_message_id(given) == bare


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: ご注文の件", "ご注文の件"),
        ("RE: re： Fwd: FW:ご注文の件", "ご注文の件"),
        ("返信: 転送： ご注文の件", "ご注文の件"),
        ("Re[2]: Re^3: Re(4): x", "x"),
        ("AW: WG: SV: x", "x"),
        ("[users:123] Re: x", "x"),
        ("[重要] x", "[重要] x"),
        ("【安心ショップ】Re: x", "【安心ショップ】Re: x"),
        ("  a　　b  ", "a b"),
        ("Regarding: x", "Regarding: x"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_subject_without_prefixes(subject: str, plain: str) -> None:
    assert plain_subject(subject) == plain
