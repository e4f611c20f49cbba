"""Machines that write without end: held back as one visible item, nothing lost, and people never held."""

from datetime import timedelta

import pytest

from anshin.cases.models import Case, Message
from anshin.cases.terms import Direction, Hold
from anshin.channels.email import queries
from anshin.channels.email.actions import try_again
from anshin.channels.email.arriving.storing import store
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import storms
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.shops.actions import invite_staff
from anshin.shops.terms import Role
from tests.channels.email.outside.letters import mail

pytestmark = pytest.mark.django_db
AUTOMATIC = "Auto-Submitted: auto-replied\r\n"


def arrive(mailbox, raw, now, *, source=Source.OUTSIDE):
    arrival = store(mailbox=mailbox, raw=raw, source=source, now=now).arrival
    take_in(arrival.pk, now=now)
    arrival.refresh_from_db()
    return arrival


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(storms, "AUTOMATIC_PER_HOUR", 2)
    monkeypatch.setattr(storms, "ALIKE_PER_HOUR", 3)


def robot(n, text="受け付けました。受付番号は {n} です。担当より連絡します。", **more):
    body = text.format(n=10_000 + n)
    return mail(body, message_id=f"<r{n}@robot.jp>", sender="受付 <robot@robot.jp>", subject=f"受付 {n}", **more)


def test_a_storm_of_automatic_mails_is_held_back_and_a_person_is_not(mailbox, now, few):
    fates = [
        arrive(mailbox, mail(str(n), message_id=f"<s{n}@x.jp>", extra=AUTOMATIC), now + timedelta(minutes=n)).fate
        for n in range(4)
    ]
    person = arrive(mailbox, mail("人です", message_id="<p@x.jp>"), now)

    assert fates == [Fate.AUTO_REPLY, Fate.AUTO_REPLY, Fate.WAITING, Fate.WAITING]
    assert person.fate == Fate.TAKEN_IN


def test_a_robot_without_any_mark_is_held_back_as_one_visible_case(mailbox, now, few):
    arrivals = [arrive(mailbox, robot(n), now + timedelta(minutes=n)) for n in range(6)]

    assert [arrival.fate for arrival in arrivals] == [Fate.TAKEN_IN] * 3 + [Fate.WAITING] * 3
    assert {arrival.reason_code for arrival in arrivals[3:]} == {"too_many_alike"}
    (shown,) = {arrival.message_id for arrival in arrivals[3:]}
    item = Message.objects.select_related("case").get(pk=shown)
    assert (item.case.hold, item.case.status) == (Hold.STORM, "open")
    assert "robot@robot.jp" in item.case.subject
    assert "受け付けました。" in item.text
    assert Arrival.objects.filter(fate=Fate.STORED).count() == 0
    assert queries.waiting_for_a_person(mailbox.shop).count() == 3


def test_the_next_hour_begins_anew(mailbox, now, few):
    for n in range(5):
        arrive(mailbox, robot(n), now + timedelta(minutes=n))
    later = arrive(mailbox, robot(9), now + timedelta(minutes=70))
    assert later.fate == Fate.TAKEN_IN


def test_a_person_who_writes_often_is_never_held(mailbox, now, few):
    said = [
        "いつ届きますか。土曜に使います。",
        "追跡番号も教えてください。",
        "先ほどの件、色は青です。",
        "やはり緑に変えられますか。",
        "何度もすみません、住所も変わりました。",
        "電話は夕方なら出られます。",
    ]
    fates = [
        arrive(mailbox, mail(text, message_id=f"<p{n}@x.jp>"), now + timedelta(minutes=n)).fate
        for n, text in enumerate(said)
    ]
    assert fates == [Fate.TAKEN_IN] * 6


def test_pictures_sent_one_by_one_are_no_storm(mailbox, now, few):
    def picture(n):
        return (
            f"From: a@docomo.ne.jp\r\nTo: shop@komorebi.example\r\nMessage-ID: <pic{n}@docomo.ne.jp>\r\n"
            'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n写真を送ります。iPhoneから送信\r\n"
            f"--b\r\nContent-Type: image/jpeg; name=p{n}.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "iVBORw0KGgo=\r\n--b--\r\n"
        ).encode()

    fates = [arrive(mailbox, picture(n), now + timedelta(minutes=n)).fate for n in range(6)]
    assert fates == [Fate.TAKEN_IN] * 6


def test_mails_without_words_are_no_storm(mailbox, now, few):
    fates = [
        arrive(mailbox, mail("はい", message_id=f"<e{n}@x.jp>"), now + timedelta(minutes=n)).fate for n in range(6)
    ]
    assert fates == [Fate.TAKEN_IN] * 6


def test_orders_told_by_a_marketplace_differ_and_come_in(mailbox, now, few):
    names = ["柏木 由紀子 / 木の椅子 / 配送先 長野県松本市", "三雲 達也 / 真鍮のランプ / 配送先 東京都世田谷区",
             "沢渡 美咲 / 麻のかばん / 配送先 愛知県名古屋市", "朝比奈 文 / 白い急須 / 配送先 岡山県倉敷市",
             "轟 勇太 / 竹の箸 五膳 / 配送先 徳島県徳島市"]  # fmt: skip
    fates = [
        arrive(mailbox, robot(n, text="注文が入りました。{n} " + name), now + timedelta(minutes=n)).fate
        for n, name in enumerate(names)
    ]
    assert fates == [Fate.TAKEN_IN] * 5


def test_imported_mail_is_never_held(mailbox, now, few):
    fates = [arrive(mailbox, robot(n), now, source=Source.IMPORT).fate for n in range(6)]
    assert fates == [Fate.TAKEN_IN] * 6


def test_a_storm_in_one_shop_holds_nothing_in_another(mailbox, other_shop, now, few):
    other = mailbox.__class__.objects.create(shop=other_shop, address="shop@tanuki.example", created_at=now)
    for n in range(6):
        arrive(mailbox, robot(n), now + timedelta(minutes=n))
    assert arrive(other, robot(99), now + timedelta(minutes=7)).fate == Fate.TAKEN_IN


def test_each_held_mail_can_be_taken_in_and_the_item_stands_until_the_last(mailbox, now, few):
    manager = invite_staff(
        shop=mailbox.shop, email="m@komorebi.example", name="佐伯", role=Role.MANAGER, by=None, now=now
    )
    held = [arrive(mailbox, robot(n), now + timedelta(minutes=n)) for n in range(5)][3:]
    item = held[0].message

    assert try_again(arrival=held[0], by=manager, now=now + timedelta(minutes=9)) == Fate.TAKEN_IN
    item.case.refresh_from_db()
    assert (item.case.status, item.case.hold) == ("open", Hold.STORM)

    assert try_again(arrival=held[1], by=manager, now=now + timedelta(minutes=9)) == Fate.TAKEN_IN
    item.case.refresh_from_db()
    assert (item.case.status, item.case.hold) == ("closed", Hold.NONE)
    assert Message.objects.filter(text__contains="受け付けました").exclude(pk=item.pk).count() == 5


def test_two_machines_cannot_answer_each_other_because_this_one_never_answers(mailbox, now):
    """The other side answers every mail; ours takes them in and writes nothing, so there is nothing to answer."""
    for n in range(3):
        arrive(mailbox, robot(n, extra=AUTOMATIC), now + timedelta(minutes=n))
    assert Case.objects.count() == 3
    assert not Message.objects.filter(direction=Direction.OUT).exists()
