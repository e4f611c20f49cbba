"""An exchange at the desk: where its parcel is, what can be done when the stock is gone, and who may."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.delivery.models import Reshipment, Trouble
from anshin.plumbing.journal.models import JournalEntry
from anshin.returns import actions
from anshin.returns.models import Return
from anshin.returns.terms import ExchangeState, Payer, Verdict, Wish
from tests.conftest import NOW
from tests.returns.conftest import arrive, ask, inspected, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
PAGE = "/s/komorebi/returns/1"
DO = f"{PAGE}/exchange"


@pytest.fixture
def exchange(ask, sold, still):  # noqa: F811
    return ask(sold(), wish=Wish.EXCHANGE, wanted="墨")


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_shows_the_parcel_and_leads_to_it_and_back(client, agent, exchange):
    client.force_login(agent.person)
    page = client.get(PAGE)
    shown = words_of(page)
    for words in ("D-0001", "帆布トートバッグ M 墨", "発送待ち", "返金に切り替える", "在庫切れ"):
        assert words in shown, words
    assert "/s/komorebi/troubles/1" in page.content.decode()
    trouble = client.get("/s/komorebi/troubles/1")
    assert "R-0001" in words_of(trouble)
    assert "交換" in words_of(trouble)
    assert PAGE in trouble.content.decode()


def test_the_page_is_open_on_a_phone_too(client, agent, exchange):
    client.force_login(agent.person)
    shown = client.get(PAGE).content.decode()
    assert 'data-open="1"' in shown
    assert 'id="case"' not in shown  # the inbox's script closes a case that has no number


def test_out_of_stock_stands_on_the_page_in_the_list_and_in_who_has_to_act(client, agent, owner, exchange):
    client.force_login(agent.person)
    assert client.post(DO, {"do": "out"}).status_code == 302
    assert "までに、別の種類にするか返金にするかをお客様と決めてください。" in words_of(client.get(PAGE))
    assert "在庫切れ · " in words_of(client.get("/s/komorebi/returns/"))
    waiting = words_of(client.get("/s/komorebi/returns/waiting?who=staff"))
    assert "在庫切れ。別の種類か返金かを決める" in waiting
    client.force_login(owner.person)
    journal = words_of(client.get("/s/komorebi/journal"))
    assert "在庫切れ" in journal


def test_another_variant_needs_its_name_and_money_instead_ends_the_exchange(client, agent, exchange):
    client.force_login(agent.person)
    client.post(DO, {"do": "out"})
    refused = client.post(DO, {"do": "another", "variant": " "})
    assert refused.status_code == 422
    assert "種類(サイズや色など)を書いてください" in words_of(refused)
    assert Reshipment.objects.count() == 1
    assert client.post(DO, {"do": "another", "variant": "藍"}).status_code == 302
    assert "帆布トートバッグ M 藍" in words_of(client.get(PAGE))
    assert client.post(DO, {"do": "refund"}).status_code == 302
    assert Return.objects.get().exchange == ExchangeState.DROPPED
    again = client.post(DO, {"do": "refund"})
    assert again.status_code == 422
    assert client.post(DO, {"do": "nothing"}).status_code == 404


def test_nobody_else_touches_an_exchange(client, warehouse, stranger, exchange):
    entries = JournalEntry.objects.count()
    for person, expected in ((warehouse, 403), (stranger, 404)):
        client.force_login(person.person)
        for do in ("send", "out", "another", "refund"):
            assert client.post(DO, {"do": do, "variant": "藍"}).status_code == expected
    client.logout()
    assert client.post(DO, {"do": "out"}).status_code in {302, 403}
    assert client.get(DO).status_code in {302, 405}
    assert Return.objects.get().exchange == ExchangeState.TO_SEND
    assert JournalEntry.objects.filter(event="return.stepped").count() <= entries
    assert Reshipment.objects.get().state == "planned"


def test_who_only_reads_sees_no_buttons(client, new_agent, warehouse, exchange):
    client.force_login(warehouse.person)
    answer = client.get(PAGE)
    assert answer.status_code in {200, 403}
    assert 'name="do" value="out"' not in answer.content.decode()


def test_a_refund_has_no_exchange_panel(client, agent, ask, sold, still):  # noqa: F811
    ask(sold())
    client.force_login(agent.person)
    assert 'id="exchange"' not in client.get(PAGE).content.decode()


def test_one_that_waits_for_approval_says_when_its_parcel_opens(client, agent, ask, sold, says, still):  # noqa: F811
    says(Verdict.NEEDS_PERSON, Payer.SHOP)
    ask(sold(), wish=Wish.EXCHANGE)
    client.force_login(agent.person)
    assert "返品を承認すると、発送の手配が自動で始まります。" in words_of(client.get(PAGE))


def test_an_old_exchange_can_have_its_parcel_opened(client, agent, exchange):
    Trouble.objects.all().delete()
    Return.objects.update(exchange=ExchangeState.NONE)
    client.force_login(agent.person)
    assert "交換の品物を梱包に回す" in words_of(client.get(PAGE))
    assert client.post(DO, {"do": "send"}).status_code == 302
    assert Reshipment.objects.get().variant == "墨"


def test_more_parcels_ask_no_more_queries(client, agent, exchange):
    client.force_login(agent.person)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for variant in ("藍", "生成り", "白"):
        actions.send_another(by=agent, return_id=exchange.pk, variant=variant, now=NOW)
    with CaptureQueriesContext(connection) as four:
        client.get(PAGE)
    assert len(four) == len(one)


def test_staff_write_down_no_exchange_without_a_return(client, agent, exchange):
    client.force_login(agent.person)
    case = exchange.case.number
    shown = client.get(f"/s/komorebi/c/{case}/trouble/new")
    assert 'value="exchange"' not in shown.content.decode()
