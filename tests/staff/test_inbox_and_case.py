"""The inbox and a case as a clerk meets them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from anshin.cases.models import Case, Message, Note, OrderLink
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@mail.example", at=now).case


def test_the_inbox_lists_an_unassigned_case(client, agent, case):
    client.force_login(agent.person)
    page = client.get(reverse("staff:inbox", args=["komorebi", "unassigned"]))
    assert page.status_code == 200
    assert "届いたバッグの色が写真と違います" in page.content.decode()


def test_a_case_page_shows_the_conversation(client, agent, case, post):
    client.force_login(agent.person)
    page = client.get(reverse("staff:case", args=["komorebi", case.number]))
    assert page.status_code == 200
    assert "濃い灰色のバッグが届きました" in page.content.decode()


def test_a_reply_is_held_and_can_be_taken_back(client, agent, case, post):
    client.force_login(agent.person)
    sent = client.post(
        reverse("staff:reply", args=["komorebi", case.number]),
        {"text": "お調べします。", "to": KASHIWAGI.mail, "seen": "1"},
    )
    assert sent.status_code == 302
    message = Message.objects.get(direction="out")
    assert (message.delivery, message.to) == ("held", [["柏木 由紀子", "y-kashiwagi@mail.example"]])
    client.post(reverse("staff:message_take_back", args=["komorebi", message.pk]))
    message.refresh_from_db()
    assert (message.delivery, Case.objects.get().status) == ("taken_back", "open")


def test_a_note_is_kept_apart_from_messages(client, warehouse, case):
    client.force_login(warehouse.person)
    client.post(reverse("staff:note", args=["komorebi", case.number]), {"text": "在庫12点はすべて墨色。"})
    assert (Note.objects.get().text, Message.objects.count()) == ("在庫12点はすべて墨色。", 1)


def test_a_stranger_finds_nothing(client, stranger, case):
    client.force_login(stranger.person)
    assert client.get(reverse("staff:case", args=["komorebi", case.number])).status_code == 404
    assert client.get(reverse("staff:inbox", args=["komorebi", "all"])).status_code == 404


def test_the_topic_is_shown_and_corrected_with_one_click(client, agent, shop, now):
    case = arrive(shop, "z@mail.example", at=now, subject="返品", text="サイズが合わなかったので返品したいです。").case
    run_due_jobs(now)
    client.force_login(agent.person)
    url = reverse("staff:topics", args=["komorebi", case.number])
    page = client.get(reverse("staff:case", args=["komorebi", case.number])).content.decode()
    assert "返品の可否・方法" in page and 'name="keep"' in page
    assert "返品の可否・方法" in client.get(reverse("staff:inbox", args=["komorebi", "unassigned"])).content.decode()
    client.post(url, {"topic": "return.exchange"})
    client.post(url, {"topic": "item.wrong"})
    client.post(url, {"drop": "return.exchange"})
    case.refresh_from_db()
    assert (case.topic, case.topics, case.topic_source) == ("item.wrong", [["item.wrong", None]], "person")
    assert 'name="keep"' not in client.get(reverse("staff:case", args=["komorebi", case.number])).content.decode()


def test_an_urgent_case_says_why_and_can_be_set_right(client, agent, shop, now):
    case = arrive(shop, "y@mail.example", at=now, subject="", text="ふたが外れて腕にやけどをしました。").case
    run_due_jobs(now)
    client.force_login(agent.person)
    page = reverse("staff:case", args=["komorebi", case.number])
    shown = client.get(page).content.decode()
    assert "けがや体の不調が書かれています。" in shown and "case-here is-urgent" in shown
    client.post(reverse("staff:urgent", args=["komorebi", case.number]), {"urgent": "0"})
    assert "case-here is-urgent" not in client.get(page).content.decode()


def test_what_a_customer_bought_and_their_clock_stand_beside_a_case_without_order(signed_in, agent, shop, now, still):
    for number, on in (("KM-1", 5), ("KM-2", 3)):
        order = IncomingOrder(
            channel=SalesChannel.OWN,
            number=number,
            ordered_at=now - timedelta(days=on),
            buyer=Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail),
            total_yen=3980,
        )
        take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=now)
    case = arrive(shop, "abroad@x", at=now, subject="質問", text="色は選べますか", utc_offset_minutes=-480).case
    OrderLink.objects.all().delete()
    page = signed_in(agent).get(f"/s/komorebi/c/{case.number}").content.decode()
    assert page.index("KM-2") < page.index("KM-1")
    assert "(UTC−8)" in page


def test_on_a_sunday_the_next_morning_is_offered_once(signed_in, agent, shop, now, monkeypatch):
    case = arrive(shop, "sunday@x", at=now).case
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    page = signed_in(agent).get(f"/s/komorebi/c/{case.number}").content.decode()
    assert page.count('value="2026-11-23T10:00:00+09:00"') == 1
    assert "明日の朝" in page
    assert "次の月曜の朝" not in page
