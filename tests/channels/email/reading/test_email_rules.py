"""When two mails are the same, and whom to answer."""

import pytest

from anshin.channels.email import rules
from tests.channels.email.outside.letters import mail

OWN = ("shop@komorebi.example",)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (b"Message-ID: <a@X.Example>", "a@x.example"),
        (b"message-id:<A@x>", "A@x"),
        (b"Message-ID:\r\n <a@x>", "a@x"),
        (b"Message-Id: a@x", "a@x"),
        (b"X-Message-ID: <a@x>", ""),
        (b"Subject: x\r\n\r\nMessage-ID: <body@x>", ""),
        (b"Message-ID: <>", ""),
    ],
)
def test_the_stated_id_is_bare_with_its_domain_in_lower_case(header, key):
    assert rules.stated_message_id(header + b"\r\n\r\nbody") == key


@pytest.mark.parametrize(
    "raw", [b"", b"no id", b"Message-ID: <" + b"x" * 300 + b"@y>\r\n\r\n", b"Message-ID: <\xff@x>\r\n\r\n"]
)
def test_a_mail_without_a_usable_id_is_known_by_its_content(raw):
    assert rules.dedupe_key(raw) == f"sha256:{rules.content_sha256(raw)}"


def test_copies_over_different_routes_are_one_letter():
    plain = mail()
    assert rules.letter_sha256(plain) == rules.letter_sha256(b"Received: from a\r\n by b\r\n" + plain)
    assert rules.letter_sha256(plain) == rules.letter_sha256(plain.replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("other", [mail("別"), mail(subject="別"), mail(sender="eve@example.com")])
def test_another_sender_subject_or_body_is_another_letter(other):
    assert rules.letter_sha256(mail()) != rules.letter_sha256(other)


def test_a_key_beside_another_fits_the_column():
    assert len(rules.key_beside("x" * 200, b"raw")) <= rules.LONGEST_KEY


@pytest.mark.parametrize(
    ("sender", "reply_to", "expected"),
    [
        ("shop@komorebi.example", "ren@example.jp", True),
        ("form@komorebi.example", "ren@example.jp", True),
        ("no-reply@cart.example", "ren@example.jp", True),
        ("wordpress@web.example", "ren@example.jp", True),
        ("misaki@example.jp", "other@example.net", False),
        ("misaki@example.jp", "", False),
        ("shop@komorebi.example", "shop+5-abc@komorebi.example", False),
    ],
)
def test_who_is_answered(sender, reply_to, expected):
    assert rules.answers_go_to_reply_to(sender, reply_to, OWN) is expected
