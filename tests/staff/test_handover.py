"""Notes between shifts: on the board of the day, carried over, read, done, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.routing import actions
from anshin.routing.actions import RuleRefused
from anshin.routing.models import Handover, HandoverRead
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive
from tests.staff.test_query_counts import queries_of

pytestmark = pytest.mark.django_db
BOARD = "/s/komorebi/handover"
TODAY = date(2026, 11, 20)


def write(by, text, now, **more):
    return actions.hand_over(by=by, text=text, receiver_id=more.get("receiver"), on=more.get("on", TODAY), now=now)


def test_a_note_is_written_read_and_done(signed_in, shop, agent, manager, still, now):
    number = arrive(shop, "a@x", at=now, subject="鍋の件").case.number
    mine, other = signed_in(agent), signed_in(manager)
    mine.post(BOARD, {"text": f"#{number} を明日10時に電話。＃{number}も。#999 は無い。<b>", "receiver": ""})
    note = Handover.objects.get()
    assert note.on == TODAY
    page = other.get(BOARD).content.decode()
    assert page.count(f'href="/s/komorebi/c/{number}" title="鍋の件"') == 2
    assert "#999 は無い。&lt;b&gt;" in page
    banner = other.get(f"{BOARD}/unread").content.decode()
    assert "竹内 涼" in banner
    assert "<section" not in mine.get(f"{BOARD}/unread").content.decode()

    after = other.post(f"{BOARD}/read", {"id": note.pk}, headers={"HX-Request": "1"}).content.decode()
    assert "<section" not in after
    assert HandoverRead.objects.filter(member=manager).count() == 1
    other.post(f"{BOARD}/{note.pk}/done")
    assert Handover.objects.get().done_by == manager
    other.post(f"{BOARD}/{note.pk}/done", {"undo": "1"})
    assert Handover.objects.get().done_at is None


def test_what_is_not_done_is_carried_over(signed_in, agent, still, now):
    left = write(agent, "昨日の残り", now, on=TODAY - timedelta(days=1))
    done = write(agent, "昨日の済み", now, on=TODAY - timedelta(days=1))
    actions.finish_handover(by=agent, handover_id=done.pk, now=now)
    client = signed_in(agent)
    today = client.get(BOARD).content.decode()
    before = client.get(f"{BOARD}?day=2026-11-19").content.decode()

    assert left.text in today and done.text not in today
    assert left.text in before and done.text in before
    assert client.get(f"{BOARD}?day=x").status_code == 200


def test_a_note_for_one_does_not_stand_in_others_inboxes(signed_in, agent, manager, owner, still, now):
    write(agent, "佐伯さんだけに", now, receiver=manager.pk)

    assert "佐伯さんだけに" in signed_in(manager).get(f"{BOARD}/unread").content.decode()
    assert "佐伯さんだけに" not in signed_in(owner).get(f"{BOARD}/unread").content.decode()


def test_nothing_is_written_without_words_or_to_strangers(signed_in, agent, stranger, still, now):
    answer = signed_in(agent).post(BOARD, {"text": "  "})
    assert answer.status_code == 422
    with pytest.raises(RuleRefused):
        write(agent, "x", now, receiver=stranger.pk)
    assert not Handover.objects.exists()


def test_another_shop_sees_and_changes_nothing(signed_in, agent, stranger, still, now):
    note = write(agent, "秘密の申し送り", now)
    client = signed_in(stranger)
    assert client.get(BOARD).status_code == 404
    assert "秘密" not in client.get("/s/shiosai/handover").content.decode()
    assert "秘密" not in client.get("/s/shiosai/handover/unread").content.decode()
    with pytest.raises(RuleRefused):
        actions.finish_handover(by=stranger, handover_id=note.pk, now=now)
    assert actions.read_handovers(by=stranger, ids=[note.pk], now=now) == 0


def test_the_board_costs_the_same_however_many_notes_there_are(signed_in, shop, agent, manager, still, now):
    client = signed_in(manager)
    number = arrive(shop, "a@x", at=now).case.number
    write(agent, f"#{number}", now)
    few = queries_of(client, BOARD)
    for n in range(40):
        write(agent, f"#{number} 申し送り {n}", now)
    page = client.get(BOARD).content.decode()

    assert queries_of(client, BOARD) == few <= 10
    assert page.count(" 申し送り ") == 30
    assert "page=" in page


def test_a_warehouse_clerk_reads_and_writes_notes(signed_in, warehouse, agent, still, now):
    write(agent, "出荷を急ぐ", now)
    client = signed_in(warehouse)
    assert "出荷を急ぐ" in client.get(BOARD).content.decode()
    assert client.post(BOARD, {"text": "出荷しました"}).status_code == 302


def test_who_has_left_writes_nothing(agent, still, now):
    agent.is_active = False
    with pytest.raises(NotAllowed):
        write(agent, "x", now)
