"""A mail comes in, lies beside the customer's order, is answered, and the customer writes back."""

from datetime import UTC, datetime

import pytest

from anshin.cases.models import Case
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, SalesChannel
from anshin.plumbing.journal.actors import Actor
from anshin.project.outside.models import Behaviour
from tests.stories.conftest import mail_server

pytestmark = pytest.mark.django_db
QUESTION = "注文番号はＫＭ－２０４１７です。いつ届きますか。"


@pytest.fixture
def order(shop, now):
    told = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=datetime(2026, 11, 16, 3, 0, tzinfo=UTC),
        buyer=Buyer(name="髙橋 美咲", kana="タカハシ ミサキ", mail="misaki@mail.example"),
        lines=(IncomingLine(name="帆布トートバッグ", quantity=1, unit_price_yen=6600),),
        shipping_yen=660,
    )
    return take_in_order(shop=shop, order=told, by=Actor(kind="system", id=None, name="story"), now=now)


def test_a_mail_becomes_a_case_is_answered_and_comes_back_to_us(time, mailbox, order, takeuchi, misaki):
    misaki.writes(mailbox, "いつ届きますか", QUESTION)
    time.passes(seconds=5)

    inbox = takeuchi.sees("inbox", "unassigned")
    assert "いつ届きますか" in inbox
    assert "髙橋 美咲" in inbox
    assert "KM-20417" in inbox
    case = takeuchi.sees("case", 1)
    assert QUESTION in case
    assert "帆布トートバッグ" in case
    assert "¥7,260" in case

    assert takeuchi.replies(1, "明日お届けします。").status_code == 302
    time.passes(seconds=9)
    assert misaki.mails() == []  # it can still be taken back

    time.passes(seconds=1)
    [answer] = misaki.mails()
    assert answer.sender == "support@komorebi.example"
    assert answer.subject.endswith("いつ届きますか")
    assert "明日お届けします。" in answer.text
    assert "いつ届きますか" in takeuchi.sees("inbox", "waiting")
    assert "いつ届きますか" not in takeuchi.sees("inbox", "mine")

    misaki.writes(mailbox, "Re: いつ届きますか", "ありがとうございます。助かります。", answers=answer)
    time.passes(hours=1)
    assert "ありがとうございます。助かります。" in takeuchi.sees("inbox", "mine")
    assert "ありがとうございます。助かります。" in takeuchi.sees("case", 1)
    assert Case.objects.count() == 1


def test_a_note_stays_inside_the_shop(time, mailbox, takeuchi, saeki, misaki):
    misaki.writes(mailbox, "色が違います", "写真と色が違うようです。")
    time.passes(seconds=5)
    saeki.does("note", 1, text="倉庫の写真も違います。内緒です。")

    takeuchi.replies(1, "確認いたします。")
    time.passes(seconds=10)

    assert "内緒です" in takeuchi.sees("case", 1)
    [answer] = misaki.mails()
    assert "確認いたします。" in answer.text
    assert "内緒" not in bytes(answer.raw).decode("utf-8") + answer.text + answer.subject


def test_a_reply_taken_back_never_leaves(time, mailbox, takeuchi, misaki):
    misaki.writes(mailbox, "返品したい", "返品の方法を教えてください。")
    time.passes(seconds=5)
    takeuchi.replies(1, "書きかけです")
    message = Case.objects.get().messages.get(direction="out")

    takeuchi.does("message_take_back", message.pk)
    time.passes(minutes=10)

    assert misaki.mails() == []
    assert "書きかけです" in takeuchi.sees("case", 1)  # as a draft
    assert "返品したい" in takeuchi.sees("inbox", "mine")  # waiting for us again, with whoever had begun


def test_a_reply_on_a_stale_thread_asks_first(time, mailbox, takeuchi, misaki):
    misaki.writes(mailbox, "住所を変えたい", "届け先を変えられますか。")
    time.passes(seconds=5)
    misaki.writes(mailbox, "住所を変えたい", "すみません、やはりそのままで結構です。")
    time.passes(minutes=1)

    refused = takeuchi.replies(1, "住所を変更しました。", seen="1")
    time.passes(minutes=1)
    assert refused.status_code == 422
    assert misaki.mails() == []

    takeuchi.replies(1, "承知しました。そのままお届けします。")
    time.passes(minutes=1)
    [answer] = misaki.mails()
    assert "そのままお届けします。" in answer.text


def test_a_busy_mail_server_delays_a_reply_and_loses_nothing(time, mailbox, takeuchi, misaki):
    misaki.writes(mailbox, "領収書", "領収書をお願いします。")
    time.passes(seconds=5)
    mail_server(Behaviour.LATER)

    takeuchi.replies(1, "お送りします。")
    time.passes(seconds=10)
    assert misaki.mails() == []
    assert "450 4.2.0 Greylisted, try again later" in takeuchi.sees("case", 1)

    mail_server(Behaviour.ACCEPT)
    time.passes(hours=1)
    time.passes(hours=1)
    [answer] = misaki.mails()
    assert "お送りします。" in answer.text
