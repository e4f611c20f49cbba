"""Our own set of returned mails: who did not get what, and why."""

import json
from pathlib import Path

import pytest

from anshin.plumbing.mail.bounce_kinds import kind_of
from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of
from anshin.plumbing.mail.filters import Ourselves, nature
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import BounceKind, Nature

SET = Path(__file__).parent / "bounces"
MAILS = sorted(path.stem for path in SET.glob("*.json"))


@pytest.mark.parametrize("name", MAILS)
def test_a_bounce_is_read_as_it_says(name: str) -> None:
    expected = json.loads((SET / f"{name}.json").read_text(encoding="utf-8"))
    mail = parse((SET / f"{name}.eml").read_bytes())
    found = read_bounces(mail)
    assert [{"address": one.failed_address, "kind": one.kind, "given_up": one.given_up} for one in found] == expected[
        "bounces"
    ]
    assert set(expected["ids"]) <= set(found[0].original_message_ids)
    assert nature(mail, ourselves=Ourselves(frozenset())).nature is Nature.BOUNCE


def test_the_set_has_sixty_bounces_in_both_languages_and_every_kind() -> None:
    told = [json.loads((SET / f"{name}.json").read_text(encoding="utf-8")) for name in MAILS]
    assert sum(one["language"] == "ja" for one in told) >= 30
    assert sum(one["language"] == "en" for one in told) >= 30
    assert {each["kind"] for one in told for each in one["bounces"]} == set(BounceKind) - {BounceKind.UNKNOWN}


def test_a_customer_whose_parcel_did_not_come_is_no_mail_server() -> None:
    """Forms of small shops send with an empty return path."""
    raw = (
        "Return-Path: <>\r\nFrom: form@komorebi.example\r\nTo: support@komorebi.example\r\n"
        "Subject: 商品が届きません\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "確認のメールも届きませんでした。\r\nメールアドレス: hana@example.net\r\n"
    )
    assert read_bounces(parse(raw.encode())) == ()


@pytest.mark.parametrize(
    ("words", "status", "kind"),
    [
        ("550 5.7.1 [CS01] Message rejected due to local policy", "5.7.1", BounceKind.REFUSED),
        ("550 5.1.1 recipient rejected", "5.1.1", BounceKind.UNKNOWN_USER),
        ("450 4.1.1 <a@b.example>: Recipient address rejected: User unknown", "4.1.1", BounceKind.TRY_LATER),
        ("452 4.2.2 mailbox full", "4.2.2", BounceKind.MAILBOX_FULL),
        ("552 Message size exceeds remaining quota", "", BounceKind.MAILBOX_FULL),
        ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", BounceKind.TOO_LARGE),
        ("550 5.1.8 Sender address rejected: Domain not found", "5.1.8", BounceKind.POLICY),
        ("550 5.7.23 x", "5.7.23", BounceKind.POLICY),
        ("550 5.7.999 x", "5.7.999", BounceKind.REFUSED),
        ("550 5.7.606 Access denied, banned sending IP", "5.7.606", BounceKind.POLICY),
        ("550 5.4.317 cannot connect", "5.4.317", BounceKind.TRY_LATER),
        ("554 connection refused by local policy", "5.0.0", BounceKind.REFUSED),
        ("450 4.1.2 Domain not found", "4.1.2", BounceKind.TRY_LATER),
        ("DNS lookup responded with code NXDOMAIN", "4.0.0", BounceKind.UNKNOWN_DOMAIN),
        ("user does not accept mail from strangers", "5.0.0", BounceKind.REFUSED),
        ("Domain shop.example does not accept mail (nullMX)", "5.1.10", BounceKind.UNKNOWN_DOMAIN),
        ("554 something else altogether", "5.0.0", BounceKind.UNKNOWN),
        ("", "", BounceKind.UNKNOWN),
    ],
)
def test_words_come_before_codes_and_codes_before_vague_words(words: str, status: str, kind: BounceKind) -> None:
    assert kind_of(words, status=status, address="a@b.example") is kind


@pytest.mark.parametrize(
    ("address", "said", "kind"),
    [
        ("a@docomo.ne.jp", "550 Unknown user a@docomo.ne.jp (in reply to RCPT TO command)", BounceKind.UNKNOWN_USER),
        ("a@docomo.ne.jp", "550 Unknown user a@docomo.ne.jp (in reply to end of DATA command)", BounceKind.REFUSED),
        ("a@au.com", "550 <a@au.com>: User unknown (in reply to end of DATA command)", BounceKind.REFUSED),
        ("a@yahoo.co.jp", "554 This user doesn't have an account (in reply to end of DATA command)", "unknown_user"),
    ],
)
def test_docomo_and_au_hide_a_refusal_behind_user_unknown(address: str, said: str, kind: BounceKind) -> None:
    assert kind_of(said, status="5.0.0", address=address) is BounceKind(kind)


@pytest.mark.parametrize(
    ("address", "carrier"),
    [
        ("a@docomo.ne.jp", MobileCarrier.DOCOMO),
        ("A@EZweb.ne.jp", MobileCarrier.AU),
        ("a@b.biz.ezweb.ne.jp", MobileCarrier.AU),
        ("a@t.vodafone.ne.jp", MobileCarrier.SOFTBANK),
        ("a@i.softbank.jp", MobileCarrier.SOFTBANK),
        ("a@yahoo.ne.jp", MobileCarrier.YMOBILE),
        ("a@rakumail.jp", MobileCarrier.RAKUTEN),
        ("a@yahoo.co.jp", None),
        ("a@notdocomo.ne.jp", None),
        ("a@docomo.ne.jp.example", None),
        ("", None),
    ],
)
def test_a_carrier_is_known_by_the_domain(address: str, carrier: MobileCarrier | None) -> None:
    assert carrier_of(address) is carrier
