"""Automatic answers: once a case, to people only, in their language, with the date; and calls at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message
from anshin.cases.terms import Party, SenderSign, SenderWarning
from anshin.channels.email.sending.adapter import outgoing_mail
from anshin.plumbing import clock
from anshin.plumbing.mail.compose import AutoSubmitted
from anshin.routing import actions, letters
from anshin.routing.actions import RuleRefused
from anshin.routing.models import NightCall, RuleRun
from anshin.routing.terms import LANGUAGES, AnswerLetter, Effect, Trigger
from anshin.shops.actions import set_opening_hours
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(owner, now):
    """Monday to Friday, nine to six."""
    from datetime import time

    set_opening_hours(by=owner, hours={day: (time(9), time(18)) for day in range(5)}, now=now)


@pytest.fixture
def acknowledging(live):
    return live("受付のお知らせ", (Effect.ANSWER, ""), trigger=Trigger.OPENED)


def test_a_mail_at_two_in_the_night_is_answered_with_number_and_date(
    shop, week, acknowledging, post, monkeypatch, work, now
):
    night = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # Saturday, 02:00 in Tokyo
    monkeypatch.setattr(clock, "now", lambda: night)
    case = arrive(shop, "a@x", at=night, subject="いつ届きますか", text="注文した品はいつ届きますか。").case
    work(night)

    (mail,) = post.left
    due = Case.objects.get(pk=case.pk).due_at
    assert due == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # eight hours of opening time: Monday is a holiday
    assert mail.is_automatic
    assert mail.to == (KASHIWAGI,)
    assert f"受付番号 #{case.number}" in mail.subject
    assert "柏木 由紀子 様" in mail.text
    assert "11月24日（火）17:00 までに" in mail.text
    assert mail.in_reply_to == "a@x"
    kept = Case.objects.get(pk=case.pk)
    assert (kept.status, kept.due_at, kept.version, kept.last_by_customer) == ("open", due, 1, True)
    assert RuleRun.objects.get().did == [["answer", ""]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, where is my order? I would like to know when it will be delivered.", "Thank you for writing to"),
        ("您好，请问我的订单什么时候可以发货？谢谢。", "已收到您的来信"),
        ("您好，請問我的訂單什麼時候可以出貨？謝謝。", "已收到您的來信"),
        ("안녕하세요. 주문한 상품이 언제 도착하나요?", "문의를 접수했습니다"),
    ],
)
def test_the_answer_is_in_the_customers_language(shop, acknowledging, post, work, now, text, words):
    arrive(shop, "a@x", at=now, subject="x", text=text)
    work()

    (mail,) = post.left
    assert words in f"{mail.subject}\n{mail.text}"
    assert "14:00" not in mail.text or "apan" in mail.text or "日本" in mail.text or "일본" in mail.text


def test_it_goes_once_a_case_and_not_after_a_person_has_answered(shop, agent, live, post, work, now):
    live("受付", (Effect.ANSWER, ""), trigger=Trigger.MESSAGE)
    case = arrive(shop, "a@x", at=now).case
    work()
    arrive(shop, "b@x", at=now + timedelta(minutes=1), refers_to=("a@x",))
    work()
    assert len(post.left) == 1
    other = arrive(shop, "c@x", at=now, sender=Party("三雲", "mikumo@mail.example"), subject="別の件").case
    cases.reply(by=agent, case_id=other.pk, text="すぐ送ります", to=[KASHIWAGI], read_at_version=1, now=now)
    work(now + timedelta(seconds=20))

    assert Message.objects.filter(case=other, is_automatic=True).count() == 0
    assert Message.objects.filter(case=case, is_automatic=True).count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"is_automatic": True},
        {"sender": Party("", "no-reply@shop.example")},
        {"sender": Party("", "noreply+123@shop.example")},
        {"sender": Party("", "MAILER-DAEMON@mx.example")},
        {"sender": Party("", "")},
        {"hold": "unreadable"},
        {"spam_by": "filter"},
        {"channel": "phone"},
        {"sender_warnings": (SenderWarning(SenderSign.NAME_OF_SHOP, {"domain": "x.example"}),)},
    ],
)
def test_machines_and_doubtful_senders_are_not_answered(shop, acknowledging, post, work, now, more):
    arrive(shop, "a@x", at=now, **more)
    work()

    assert post.left == []
    assert not Message.objects.filter(direction="out").exists()


def test_old_mail_is_not_answered(shop, acknowledging, post, work, now):
    arrive(shop, "a@x", at=now - timedelta(hours=25))
    work()

    assert post.left == []


def test_nobody_gets_more_than_three_a_day(shop, acknowledging, post, work, now):
    for n in range(5):
        arrive(shop, f"a{n}@x", at=now, subject=f"件 {n}")
    work()

    assert len(post.left) == 3


def test_it_says_to_other_machines_that_it_is_automatic(shop, acknowledging, work, now, post):
    from types import SimpleNamespace

    arrive(shop, "a@x", at=now)
    work()
    box = SimpleNamespace(takes_plus_addresses=False)
    origin = SimpleNamespace(address=SimpleNamespace(name="店", mail="s@komorebi.example"), mailbox=box)

    assert outgoing_mail(origin, post.left[0]).auto_submitted is AutoSubmitted.REPLIED


def test_a_shop_writes_its_own_text_and_gets_ours_back(shop, manager, acknowledging, post, work, now):
    actions.set_answer_text(by=manager, language="ja", subject="受付 $number", text="$greeting\n$due まで", now=now)
    arrive(shop, "a@x", at=now)
    work()
    assert post.left[0].subject == "受付 #1"
    with pytest.raises(RuleRefused, match="customer"):
        actions.set_answer_text(by=manager, language="ja", subject="x", text="$customer 様", now=now)
    actions.set_answer_text(by=manager, language="ja", subject="", text="", now=now)

    assert actions.answer_texts(shop)["ja"] == letters.standard("ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_filled(language, now):
    letters.check(letters.standard(language))
    filled = letters.filled(
        letters.standard(language), language, name="", number=7, due_at=now, shop="こもれび", signature=""
    )
    assert "$" not in f"{filled.subject}{filled.text}"
    assert "#7" in filled.subject
    with pytest.raises(letters.BadText):
        letters.check(AnswerLetter("$", "x"))


@pytest.fixture
def box():
    with postbox.filled_with(RecordingPostbox()) as fake:
        yield fake


GAS = {
    "subject": "ガス漏れ",
    "text": "届いたカセットコンロからガスが漏れています。シューという音がして、ガスの臭いがします。",
}


def test_danger_at_night_calls_who_is_on_call_once(shop, agent, manager, week, monkeypatch, work, post, box):
    night = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: night)
    actions.set_on_call(by=manager, member=agent, is_on_call=True, now=night)
    case = arrive(shop, "a@x", at=night, **GAS).case
    work(night)
    arrive(shop, "b@x", at=night, refers_to=("a@x",), **GAS)
    work(night)

    (letter,) = box.left
    assert letter.to == "takeuchi@komorebi.example"
    assert f"#{case.number}" in letter.subject
    assert f"/s/komorebi/c/{case.number}" in letter.text
    assert NightCall.objects.count() == 1


def test_nobody_is_called_while_the_shop_is_open_or_for_another_reason(
    shop, agent, manager, week, work, post, box, now
):
    actions.set_on_call(by=manager, member=agent, is_on_call=True, now=now)
    case = arrive(shop, "a@x", at=now, **GAS).case
    work()
    told = actions.call_at_night(
        shop_id=shop.pk, case_id=case.pk, kind="legal", message_id=0, now=datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    )

    assert (told, box.left) == (0, [])


@pytest.mark.parametrize(
    ("language", "offset", "words"),
    [
        ("en", None, "Friday, 20 November, 18:00 (Japan time)"),
        ("en", -480, "Friday, 20 November, 18:00 Japan time (Friday, 20 November, 01:00 your time)"),
        ("ja", None, "11月20日（金）18:00"),
        ("ja", 540, "11月20日（金）18:00"),
        ("ja", -300, "11月20日（金）18:00（日本時間。お客様の現地時間では 11月20日（金）04:00）"),
        ("zh-Hant", 480, "11月20日（週五）18:00（日本時間，您當地時間為11月20日（週五）17:00）"),
    ],
)
def test_the_moment_is_told_on_the_customers_clock_too(language, offset, words):
    at = datetime(2026, 11, 20, 18, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert letters.moment_words(at, language, offset_minutes=offset) == words
