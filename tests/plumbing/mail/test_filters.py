"""Who wrote a mail, and what a returned mail says."""

from pathlib import Path

import pytest

from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.filters import LOOP_HEADER, Ourselves, nature
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import Bounce, BounceKind, Nature

OURSELVES = Ourselves(frozenset({"desk-1"}), frozenset({"support@shop.example"}))
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("head", "kind", "reason"),
    [
        ("", Nature.PERSON, ""),
        ("Subject: 不在票が入っていました", Nature.PERSON, ""),
        ("Subject: Re: 【自動返信】ご注文ありがとうございます", Nature.PERSON, ""),
        ("Auto-Submitted: no", Nature.PERSON, ""),
        ("Precedence: first-class", Nature.PERSON, ""),
        ("Return-Path: <taro@example.jp>", Nature.PERSON, ""),
        (f"{LOOP_HEADER}: desk-1", Nature.LOOP, "own_mark"),
        (f"{LOOP_HEADER}: desk-of-another-shop", Nature.PERSON, ""),
        ("Auto-Submitted: auto-replied (vacation)", Nature.AUTO_REPLY, "auto_submitted"),
        ("Auto-Submitted: auto-generated; x=y", Nature.AUTO_REPLY, "auto_submitted"),
        ("X-Autoreply: yes", Nature.AUTO_REPLY, "auto_header"),
        ("X-Autorespond: taro", Nature.AUTO_REPLY, "auto_header"),
        ("X-POST-MessageClass: 9; Autoresponder", Nature.AUTO_REPLY, "auto_header"),
        ("Precedence: auto_reply", Nature.AUTO_REPLY, "auto_precedence"),
        ("Subject: 【自動返信】ご連絡ありがとうございます", Nature.AUTO_REPLY, "auto_subject"),
        ("Subject: Out of Office: Taro", Nature.AUTO_REPLY, "auto_subject"),
        ("Subject: 不在のお知らせ", Nature.PERSON, ""),
        ("List-Id: <users.example.jp>", Nature.MAILING_LIST, "list_header"),
        ("X-ML-Name: users", Nature.MAILING_LIST, "list_header"),
        ("Precedence: bulk", Nature.MAILING_LIST, "list_precedence"),
        ("Return-Path: <>", Nature.AUTO_REPLY, "empty_return_path"),
    ],
)
def test_nature_and_its_reason(head: str, kind: Nature, reason: str) -> None:
    lines = f"From: taro@example.jp\r\n{head}\r\n" if head else "From: taro@example.jp\r\n"
    judged = nature(parse(lines.encode() + b"\r\nx"), ourselves=OURSELVES)
    assert (judged.nature, judged.reason) == (kind, reason)


@pytest.mark.parametrize("sender", ["support@shop.example", "Support@Shop.Example", "support+c1-abc@shop.example"])
def test_mail_from_our_own_mailbox_is_a_loop(sender: str) -> None:
    mail = parse(f"From: {sender}\r\n\r\nx".encode())
    assert nature(mail, ourselves=OURSELVES).reason == "own_sender"


def test_delivery_report_names_each_failed_address() -> None:
    mail = parse((GOLDEN / "delivery_report.eml").read_bytes())
    diagnostic = "550 5.1.1 <gone@nowhere.example>: Recipient address rejected: User unknown"
    ids = ("sent-77@shop.example",)
    assert read_bounces(mail) == (
        Bounce("gone@nowhere.example", "5.1.1", diagnostic, ids, True, BounceKind.UNKNOWN_USER),
        Bounce("slow@nowhere.example", "4.4.1", "", ids, False, BounceKind.TRY_LATER),
    )
    assert nature(mail, ourselves=OURSELVES).nature is Nature.BOUNCE


COPY = "\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <sent-1@shop.example>\nTo: {address}\n"


@pytest.mark.parametrize(
    ("sender", "subject", "words", "address", "status", "kind"),
    [
        (
            "MAILER-DAEMON@yahoo.co.jp",
            "failure notice",
            "Hi. This is the qmail-send program at yahoo.co.jp.\nI'm afraid I wasn't able to deliver your message.\n\n"
            "<nobody99@yahoo.co.jp>:\nThis user doesn't have a yahoo.co.jp account (nobody99@yahoo.co.jp) [0]",
            "nobody99@yahoo.co.jp",
            "5.1.1",
            BounceKind.UNKNOWN_USER,
        ),
        (
            "Postmaster@ezweb.ne.jp",
            "Mail System Error - Returned Mail",
            "Each of the following recipients was rejected by a remote mail server.\n\n"
            "    Recipient: <gone@ezweb.ne.jp>\n    >>> RCPT TO:<gone@ezweb.ne.jp>\n"
            "    <<< 550 <gone@ezweb.ne.jp>: User unknown",
            "gone@ezweb.ne.jp",
            "5.1.1",
            BounceKind.UNKNOWN_USER,
        ),
        (
            "Postmaster@ezweb.ne.jp",
            "Mail System Error - Returned Mail",
            "The user(s) account is temporarily over quota.\n\n<full@ezweb.ne.jp>",
            "full@ezweb.ne.jp",
            "4.2.2",
            BounceKind.MAILBOX_FULL,
        ),
        (
            "mailer-daemon@docomo.ne.jp",
            "エラーメール",
            "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n"
            "  <taro..x@docomo.ne.jp>\n\n550 Unknown user",
            "taro..x@docomo.ne.jp",
            "5.1.1",
            BounceKind.UNKNOWN_USER,
        ),
        (
            "postmaster@softbank.ne.jp",
            "Undelivered mail",
            "Your message could not be delivered to: hanako@softbank.ne.jp\n554 rejected by the recipient's settings",
            "hanako@softbank.ne.jp",
            "5.0.0",
            BounceKind.REFUSED,
        ),
        (
            "mailer-daemon@mx.example",
            "配信不能のお知らせ",
            "宛先のメールボックスの容量がいっぱいです。\nmanpai@example.jp",
            "manpai@example.jp",
            "4.2.2",
            BounceKind.MAILBOX_FULL,
        ),
    ],
)
def test_free_words_of_a_bounce_are_understood(
    sender: str, subject: str, words: str, address: str, status: str, kind: BounceKind
) -> None:
    head = f"From: {sender}\r\nTo: support@shop.example\r\nSubject: {subject}\r\n\r\n"
    mail = parse((head + words + COPY.format(address=address)).encode())
    (bounce,) = read_bounces(mail)
    assert (bounce.failed_address, bounce.status, bounce.kind) == (address, status, kind)
    assert bounce.original_message_ids == ("sent-1@shop.example",)
    assert nature(mail, ourselves=OURSELVES).nature is Nature.BOUNCE


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("taro@example.jp", "配信不能と言われました"),
        ("taro@example.jp", "Undelivered parcel"),
        ("postmaster@example.jp", "ご注文の件"),
        ("delivery@yamato.example", "お荷物のお届け"),
        ("delivery@yamato.example", "お荷物を配送できませんでした"),
    ],
)
def test_a_person_writing_about_failure_is_no_bounce(sender: str, subject: str) -> None:
    mail = parse(f"From: {sender}\r\nSubject: {subject}\r\n\r\n550 yen, unknown user".encode())
    assert read_bounces(mail) == ()
    assert nature(mail, ourselves=OURSELVES).nature is Nature.PERSON


ANSWER = "Subject: Re: ご注文について\r\nIn-Reply-To: <sent-1@shop.example>\r\n"


@pytest.mark.parametrize(
    ("head", "text", "reason"),
    [
        (ANSWER, "このメールは自動的に返信しています。\n\n株式会社みなも 佐藤です。", "auto_words"),
        (ANSWER, "※自動返信メールです。\n11月30日まで休みます。", "auto_words"),
        (ANSWER, "本メールはシステムより自動で送信されています。", "auto_words"),
        (ANSWER, "This is an automated response. I will be back on Monday.", "auto_words"),
        (
            ANSWER,
            "お世話になっております。\n11月25日から28日まで休暇をいただいております。\n"
            "ご返信は29日以降、出社後に順次ご連絡いたします。\nお急ぎの場合は携帯までお電話ください。",
            "away_note",
        ),
        (
            "Subject: 不在通知\r\n",
            "ただいま不在にしております。\n戻り次第ご連絡いたします。",
            "away_note",
        ),
        (ANSWER, "I am on vacation until December 1 and will reply when I am back.", "away_note"),
    ],
)
def test_a_vacation_mail_without_any_mark_is_known_by_its_words(head: str, text: str, reason: str) -> None:
    raw = f"From: taro@example.jp\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    judged = nature(parse(raw.encode()), ourselves=OURSELVES)
    assert (judged.nature, judged.reason) == (Nature.AUTO_REPLY, reason)


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (ANSWER, "28日まで旅行で不在にしております。戻り次第ご連絡しますので、荷物を保管しておいてください。"),
        (ANSWER, "明日は不在です。土曜の午前にお願いします。"),
        (ANSWER, "休業日に返信をいただきありがとうございます。ご返答が遅れ申し訳ありません。交換でお願いします。"),
        (ANSWER, "自動返信メールが届きましたが、その後の連絡がありません。いつ届きますか？"),
        (ANSWER, "先日のメールは自動返信でしたか？"),
        (ANSWER, "この前のメールは自動で返信されたものでしょうか"),
        (ANSWER, "土日は不在にしておりました。対応ありがとうございます。Mサイズで大丈夫です。"),
        (ANSWER, "祖母が休業中の店を再開します。戻り次第またご連絡します。"),
        (
            ANSWER,
            "留守番電話をいただいていて、対応が遅れました。Mで大丈夫です。ありがとうございます。",
        ),
        (ANSWER, "了解しました。\n\n> このメールは自動的に返信しています。\n> こもれび"),
        ("Subject: 不在の件\r\n", "不在票が入っていました。再配達をお願いします。"),
        ("Subject: 休業日のお知らせについて\r\n", "休業中も返信はもらえますか"),
        ("", "不在にしており、ご連絡が遅れました。"),
    ],
)
def test_a_person_who_is_away_is_a_person(head: str, text: str) -> None:
    raw = f"From: taro@example.jp\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    assert nature(parse(raw.encode()), ourselves=OURSELVES).nature is Nature.PERSON
