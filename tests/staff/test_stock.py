"""The shop's stock on the desk: brought by a manager, shown with its age beside a case, told with its moment."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anshin.cases.actions import set_topics
from anshin.commerce.actions import take_in_stock
from anshin.commerce.models import Stock
from anshin.replies import actions
from tests.cases.writing import arrive
from tests.replies.writing import content

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}
LIST = "商品番号,商品名,在庫数\nSH-17,子ども靴「はじめの一歩」,2\nCAP-1,帽子,0\n".encode()
PAGE = "/s/komorebi/imports/stock"


@pytest.fixture
def case(shop, manager, now):
    case = arrive(shop, "a@x", at=now, subject="在庫", text="「はじめの一歩」はいつ入荷しますか").case
    set_topics(by=manager, case_id=case.pk, codes=["product.stock"], now=now)
    return case


@pytest.fixture
def told(shop, manager, now):
    take_in_stock(shop=shop, content=LIST, by=manager, now=now)


def address_of_macro(case, manager, now):
    saved = actions.save_macro(
        by=manager, content=content(texts={"ja": "{{stock.now}}"}, topics=("product.stock",)), now=now
    )
    return f"/s/komorebi/c/{case.number}/macros/{saved.pk}"


def test_a_manager_brings_a_list_and_sees_what_was_left_out(signed_in, manager, agent, now, still):
    client = signed_in(manager)
    assert "まだ在庫が分かりません" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"file": SimpleUploadedFile("stock.csv", LIST + b"X-9,,3\n")}).content.decode()
    assert "2件の商品の在庫を取り込みました" in answer
    assert "X-9" in answer
    assert "はじめの一歩" in answer
    refused = client.post(PAGE, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert refused.status_code == 422
    assert Stock.objects.count() == 2
    assert signed_in(agent).get(PAGE).status_code == 403


def test_beside_a_case_about_stock_stands_what_there_is(signed_in, agent, case, told, still):
    client = signed_in(agent)
    where = f"/s/komorebi/c/{case.number}/stock"
    assert where in client.get(f"/s/komorebi/c/{case.number}").content.decode()
    shown = client.get(where, **SCRIPT).content.decode()
    assert "在庫 2" in shown
    assert "帽子" not in shown
    assert "残り2点）（2026年" in shown
    assert "<html" not in shown
    assert "帽子" in client.get(f"{where}?q=帽子", **SCRIPT).content.decode()
    assert "<html" in client.get(where).content.decode()


def test_another_case_costs_no_card(signed_in, agent, shop, now, told, still):
    other = arrive(shop, "b@x", at=now).case
    assert "/stock" not in signed_in(agent).get(f"/s/komorebi/c/{other.number}").content.decode()


def test_a_placeholder_tells_the_moment_and_old_stock_leaves_a_gap(signed_in, agent, manager, case, told, still, now):
    client = signed_in(agent)
    macro = address_of_macro(case, manager, now)
    told_words = client.post(macro, **SCRIPT).json()["text"]
    assert told_words.startswith("子ども靴「はじめの一歩」: 在庫あり（残り2点）（2026年")
    assert told_words.endswith("現在）")
    Stock.objects.update(told_at=now - timedelta(hours=27))
    again = client.post(macro, **SCRIPT)
    assert "{{stock.now}}" in again.json()["text"]
    assert "1日以上前の在庫です" in client.get(f"/s/komorebi/c/{case.number}/stock", **SCRIPT).content.decode()
