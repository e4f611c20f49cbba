"""Our own set of returned mails: who did not get what, and why."""

import json
from pathlib import Path

import pytest

from anshin.plumbing.mail.bounce_kinds import kind_of
from anshin.plumbing.mail.bounce_stages import Stage, kind_by_stage, stage_of
from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.carriers import MobileCarrier, carrier_of
from anshin.plumbing.mail.filters import Ourselves, nature
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import BounceKind, Nature
from bench.bounces import UNSEEN, unseen

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


@pytest.mark.parametrize("name", UNSEEN)
def test_of_sixty_reports_that_no_rule_was_made_with_nineteen_in_twenty_are_read_rightly(name: str) -> None:
    cases = list(unseen(name))
    right = [
        [(one.failed_address, str(one.kind), one.given_up) for one in read_bounces(parse(raw))] == expected
        for _name, raw, expected in cases
    ]
    assert len(right) == 60
    assert sum(right) >= 57


@pytest.mark.parametrize(
    ("told", "stage", "kind"),
    [
        ("550 no (in reply to RCPT TO command)", Stage.RECIPIENT, BounceKind.UNKNOWN_USER),
        ("554 no (in reply to RCPT TO command)", Stage.RECIPIENT, BounceKind.UNKNOWN),
        ("550 no (in reply to end of DATA command)", Stage.CONTENT, BounceKind.REFUSED),
        ("550 no (in reply to MAIL FROM command)", Stage.SENDER, BounceKind.POLICY),
        ("host x refused to talk to me: 554 no", Stage.GREETING, BounceKind.POLICY),
        (">>> RCPT To:<a@b.example>\n<<< 553 no", Stage.RECIPIENT, BounceKind.UNKNOWN_USER),
        (">>> DATA\n<<< 550 no", None, BounceKind.UNKNOWN),
        ("192.0.2.1 does not like recipient.\nRemote host said: 551 no", Stage.RECIPIENT, BounceKind.UNKNOWN_USER),
        ("192.0.2.1 failed after I sent the message.\nRemote host said: 554 no", Stage.CONTENT, BounceKind.REFUSED),
        ("552 no", None, BounceKind.MAILBOX_FULL),
        ("X-Unix; 67", None, BounceKind.UNKNOWN_USER),
        ("X-Unix; 75", None, BounceKind.TRY_LATER),
        ("X-Unix; 70", None, BounceKind.UNKNOWN),
        ("no", None, BounceKind.UNKNOWN),
    ],
)
def test_without_telling_words_the_step_says_what_a_refusal_is_about(
    told: str, stage: Stage | None, kind: BounceKind
) -> None:
    assert (stage_of(told), kind_by_stage(told)) == (stage, kind)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Das Postfach des Empfängers ist voll", BounceKind.MAILBOX_FULL),
        ("L'adresse est introuvable", BounceKind.UNKNOWN_USER),
        ("La casella del destinatario è piena", BounceKind.MAILBOX_FULL),
        ("收件人的信箱已滿", BounceKind.MAILBOX_FULL),
        ("找不到您输入的电子邮件地址", BounceKind.UNKNOWN_USER),
        ("받는 사람의 메일함이 가득 찼습니다", BounceKind.MAILBOX_FULL),
        ("域名不存在", BounceKind.UNKNOWN_DOMAIN),
        ("邮件被拒收", BounceKind.REFUSED),
        ("Die Nachricht ist zu groß", BounceKind.TOO_LARGE),
        ("このアドレスは現在お使いいただけません", BounceKind.UNKNOWN_USER),
        ("このアドレスは登録されておりません", BounceKind.UNKNOWN_USER),
        ("受信者側の設定により受け取れません", BounceKind.REFUSED),
        ("保存領域が不足しています", BounceKind.MAILBOX_FULL),
        ("宛先のドメイン名が廃止されています", BounceKind.UNKNOWN_DOMAIN),
        ("相手のサーバーに接続できませんでした", BounceKind.TRY_LATER),
        ("添付ファイルが大きすぎます", BounceKind.TOO_LARGE),
    ],
)
def test_other_languages_say_it_in_families_of_words(words: str, kind: BounceKind) -> None:
    assert kind_of(words, status="", address="a@b.example") is kind


@pytest.mark.parametrize("subject", ["반송 문의", "Paket nicht zugestellt", "No entregado", "Unzustellbar"])
def test_customers_who_write_so_of_parcels_are_no_mail_servers(subject: str) -> None:
    raw = (
        f"Return-Path: <>\r\nFrom: form@komorebi.example\r\nTo: support@komorebi.example\r\nSubject: {subject}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n반송하고 싶어요\r\nhana@example.net\r\n"
    )
    assert read_bounces(parse(raw.encode())) == ()


def test_a_step_that_stands_only_in_the_words_for_people_tells_a_refusal_by_the_phone_too() -> None:
    """Postfix names the step in its words and not in Diagnostic-Code."""
    told = "<a@docomo.ne.jp>: host x said: 550 Unknown user a@docomo.ne.jp (in reply to end of DATA command)"
    said = "550 Unknown user a@docomo.ne.jp"
    assert kind_of(said, status="5.0.0", address="a@docomo.ne.jp", told=told) is BounceKind.REFUSED
    assert kind_of(said, status="5.0.0", address="a@docomo.ne.jp") is BounceKind.UNKNOWN_USER


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
