"""The list of promises and the dictionary of plain words: who sees and changes what, and within how many queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.replies import actions
from anshin.replies.models import PlainWord, Promise
from anshin.replies.queries import plain_words
from anshin.replies.terms import Sending
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db
SAID = "明日までにご連絡いたします。"
PROMISES, WORDS = "/s/komorebi/promises", "/s/komorebi/plain-words"


@pytest.fixture
def promised(shop, agent, post, now):
    case = arrive(shop, "a@x", at=now).case
    actions.send(by=agent, case_id=case.pk, text=SAID, to=[KASHIWAGI], read_at_version=99, sending=Sending(), now=now)
    return Promise.objects.get()


def test_a_promise_stands_in_the_list_until_it_is_kept(agent, manager, promised, signed_in, still):
    client = signed_in(agent)
    page = client.get(PROMISES).content.decode()
    assert SAID in page
    assert f"#{promised.case.number}" in page
    answer = client.post(f"{PROMISES}/{promised.pk}/settle", {"state": "kept", "show": "mine"})
    assert answer["Location"] == f"{PROMISES}?show=mine"
    promised.refresh_from_db()
    assert promised.state == "kept"
    assert SAID not in client.get(PROMISES).content.decode()


def test_mine_are_those_of_the_viewer(agent, manager, promised, signed_in, still):
    assert SAID in signed_in(agent).get(f"{PROMISES}?show=mine").content.decode()
    assert SAID not in signed_in(manager).get(f"{PROMISES}?show=mine").content.decode()
    assert signed_in(agent).get(f"{PROMISES}?show=theirs").status_code == 404


def test_another_day_is_taken_and_nonsense_is_refused_with_words(agent, promised, signed_in, still, now):
    client = signed_in(agent)
    before = promised.due_at
    for on in ("", "2020-01-01", "きのう"):
        answer = client.post(f"{PROMISES}/{promised.pk}/move", {"on": on}, follow=True, headers={"referer": PROMISES})
        assert "今日以降の日" in answer.content.decode()
    promised.refresh_from_db()
    assert promised.due_at == before
    client.post(f"{PROMISES}/{promised.pk}/move", {"on": (now + timedelta(days=9)).date().isoformat()})
    promised.refresh_from_db()
    assert promised.due_at > before


def test_another_shop_and_the_warehouse_see_and_change_nothing(stranger, warehouse, promised, signed_in, still):
    client = signed_in(stranger)
    assert client.get(PROMISES).status_code == 404
    assert SAID not in client.get("/s/shiosai/promises").content.decode()
    client.post(f"/s/shiosai/promises/{promised.pk}/settle", {"state": "kept"})
    assert signed_in(warehouse).get(PROMISES).status_code == 403
    promised.refresh_from_db()
    assert promised.state == "open"


def test_the_list_takes_as_many_queries_for_many(shop, agent, promised, signed_in, still, now):
    client = signed_in(agent)
    client.get(PROMISES)
    counts = []
    for more in (0, 5):
        for at in range(more):
            case = arrive(shop, f"m{at}@x", at=now).case
            values = {"to": [KASHIWAGI], "read_at_version": 99, "sending": Sending(), "now": now}
            actions.send(by=agent, case_id=case.pk, text=SAID, **values)
        client.get(PROMISES)
        with CaptureQueriesContext(connection) as queries:
            client.get(PROMISES)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_manager_writes_a_word_and_takes_it_back(shop, manager, signed_in, still):
    client = signed_in(manager)
    client.post(WORDS, {"word": "検品", "plain": "届いた品の確認", "language": "ja"})
    assert plain_words(shop, "ja")["検品"] == "届いた品の確認"
    own = PlainWord.objects.get()
    client.post(f"{WORDS}/{own.pk}/remove")
    assert plain_words(shop, "ja").get("検品") != "届いた品の確認"


def test_a_word_of_the_program_is_switched_off_and_on_again(shop, manager, signed_in, still):
    client = signed_in(manager)
    client.post(f"{WORDS}/off", {"word": "RMA", "language": "ja"})
    assert "RMA" not in plain_words(shop, "ja")
    client.post(f"{WORDS}/{PlainWord.objects.get().pk}/remove")
    assert plain_words(shop, "ja")["RMA"] == "返品受付番号"


def test_the_same_word_twice_is_said_beside_the_field(manager, signed_in, still):
    answer = signed_in(manager).post(WORDS, {"word": "検品", "plain": "検品", "language": "ja"})
    assert answer.status_code == 422
    assert not PlainWord.objects.exists()


def test_who_answers_reads_the_words_but_does_not_write_them(agent, stranger, signed_in, still):
    client = signed_in(agent)
    page = client.get(WORDS).content.decode()
    assert "返品受付番号" in page
    assert 'name="plain"' not in page
    assert client.post(f"{WORDS}/off", {"word": "RMA", "language": "ja"}).status_code == 403
    assert client.post(WORDS, {"word": "検品", "plain": "確認", "language": "ja"}).status_code == 403
    assert signed_in(stranger).get(WORDS).status_code == 404
    assert not PlainWord.objects.exists()
