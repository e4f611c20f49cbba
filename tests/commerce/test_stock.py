"""A list of stock is taken in once and whole, and what a message means is found in it."""

from datetime import date, timedelta

import pytest

from anshin.commerce.actions import StockRefused, take_in_stock
from anshin.commerce.models import Product, Stock
from anshin.commerce.queries import stock_like, stock_meant
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed

pytestmark = pytest.mark.django_db
LIST = (
    "商品番号,商品名,バリエーション,在庫数,次回入荷予定日\r\n"
    "SH-16,子ども靴「はじめの一歩」,16cm 赤,3,\r\n"
    "SH-17,子ども靴「はじめの一歩」,17cm 紺,0,2026/12/15\r\n"
    "NOREN-1,リネンのれん,生成り,－4,\r\n"
    "SH-16,子ども靴「はじめの一歩」,16cm 赤,9,\r\n"
    ",名のない品,,2,\r\n"
    "TEA-1,お茶,,たくさん,\r\n"
)


@pytest.fixture
def told(shop, manager, now):
    return take_in_stock(shop=shop, content=LIST.encode("cp932"), by=manager, now=now)


def quantities():
    return dict(Stock.objects.order_by("product__sku").values_list("product__sku", "quantity"))


def test_what_can_be_read_is_taken_in_and_the_rest_is_told(told, shop, now):
    assert (told.changed, told.same, told.rows_refused) == (3, 0, 3)
    assert [row for row, _reason in told.refused] == [5, 6, 7]
    assert quantities() == {"NOREN-1": 0, "SH-16": 3, "SH-17": 0}
    assert Stock.objects.get(product__sku="SH-17").next_on == date(2026, 12, 15)
    entry = JournalEntry.objects.get(event="stock.told")
    assert entry.payload == {"products_changed": 3, "products_same": 0, "rows_refused": 3}


def test_a_later_list_takes_the_place_and_what_it_leaves_out_keeps_its_age(
    told, shop, manager, now, django_assert_max_num_queries
):
    later = now + timedelta(hours=3)
    with django_assert_max_num_queries(7):  # savepoints, products, former stock, written, journal
        again = take_in_stock(shop=shop, content=b"sku,stock\nSH-16,2\nSH-17,0\nNEW-1,4\n", by=None, now=later)
    assert (again.changed, again.same, again.rows_refused) == (2, 0, 1)
    assert quantities() == {"NOREN-1": 0, "SH-16": 2, "SH-17": 0}
    assert Stock.objects.get(product__sku="SH-16").told_at == later
    assert Stock.objects.get(product__sku="NOREN-1").told_at == now
    assert not Product.objects.filter(sku="NEW-1").exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", "商品名,価格\n茶,1\n".encode(), "商品番号,在庫数\n".encode()])
def test_what_is_no_list_changes_nothing(shop, manager, now, content):
    with pytest.raises(StockRefused):
        take_in_stock(shop=shop, content=content, by=manager, now=now)
    assert not Stock.objects.exists()
    assert not JournalEntry.objects.filter(event="stock.told").exists()


def test_only_who_imports_brings_one(shop, agent, stranger, now):
    with pytest.raises(NotAllowed):
        take_in_stock(shop=shop, content=LIST.encode(), by=agent, now=now)
    assert not Stock.objects.exists()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("はじめの一歩の17cmはいつ入荷しますか", ["SH-17"]),
        ("「はじめの一歩」はまだありますか", ["SH-16", "SH-17"]),
        ("ＳＨ－１６の在庫を教えてください", ["SH-16"]),
        ("リネンのれんの再入荷はありますか", ["NOREN-1"]),
        ("在庫について教えてください", []),
    ],
)
def test_what_a_message_means_is_found(told, shop, other_shop, text, meant):
    assert [each.sku for each in stock_meant(shop, text, [])] == meant
    assert stock_meant(other_shop, text, []) == []


def test_it_is_looked_for_by_name(told, shop, other_shop):
    assert [each.sku for each in stock_like(shop, "はじめ 17")] == ["SH-17"]
    assert stock_like(shop, "はじめ 帽子") == []
    assert stock_like(other_shop, "はじめ") == []
