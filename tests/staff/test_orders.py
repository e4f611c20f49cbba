"""Orders and customers as a clerk looks them up."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from anshin.commerce.actions import take_in_orders
from anshin.commerce.models import Customer, Order
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
ORDERED = datetime(2026, 11, 10, 1, 5, tzinfo=UTC)


def incoming(number, **changes):
    values = {
        "channel": SalesChannel.OWN,
        "number": number,
        "ordered_at": ORDERED,
        "buyer": Buyer("柏木 由紀子", "カシワギ ユキコ", KASHIWAGI.mail, "0800-000-1007"),
        "recipient": Recipient("柏木 由紀子", "180-0004", "東京都武蔵野市吉祥寺本町99-2-2", "0800-000-1007"),
        "lines": (IncomingLine("帆布のトートバッグ", 1, 6_600, "HB-01", "生成り"),),
        "shipping_yen": 660,
        "payments": (IncomingPayment(PaymentMethod.CARD, paid_at=ORDERED),),
        "shipments": (IncomingShipment(Carrier.YAMATO, "441572842443", shipped_at=ORDERED),),
    }
    return IncomingOrder(**(values | changes))


@pytest.fixture
def take_in(shop, now):
    def taken(*orders):
        take_in_orders(shop=shop, orders=orders, by=Actor.system("import"), now=now)

    return taken


@pytest.fixture
def order(take_in):
    take_in(incoming("KM-20417"))
    return Order.objects.get()


def page(client, name, *args, **query):
    return client.get(reverse(f"staff:{name}", args=["komorebi", *args]), query)


def test_the_list_shows_number_customer_total_and_state(signed_in, agent, order):
    html = page(signed_in(agent), "orders").content.decode()
    for words in ("KM-20417", "柏木 由紀子", "¥7,260", "配送中"):
        assert words in html


@pytest.mark.parametrize("wanted", ["KM-20417", "km20417", "ＫＭ－２０４１７"])
def test_a_number_leads_straight_to_its_order(signed_in, agent, order, wanted):
    answer = page(signed_in(agent), "orders", number=wanted)
    assert answer.url == reverse("staff:order", args=["komorebi", order.pk])


def test_a_number_of_two_channels_shows_both(signed_in, agent, take_in):
    take_in(incoming("1001"), incoming("1001", channel=SalesChannel.SHOPIFY))
    html = page(signed_in(agent), "orders", number="1001").content.decode()
    assert html.count("/s/komorebi/orders/") == 2


def test_an_unknown_number_says_so(signed_in, agent, order):
    answer = page(signed_in(agent), "orders", number="KM-99999")
    assert "この番号の注文はありません" in answer.content.decode()


def test_the_order_page_shows_goods_money_parcel_and_recipient(signed_in, agent, order):
    html = page(signed_in(agent), "order", order.pk).content.decode()
    for words in ("帆布のトートバッグ", "生成り · HB-01", "¥6,600", "¥660", "¥7,260", "〒180-0004", "吉祥寺本町"):
        assert words in html
    assert 'href="https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id=441572842443"' in html


def test_the_order_page_lists_its_cases(signed_in, agent, order, shop, now):
    case = arrive(shop, "a@mail.example", at=now, text="KM-20417 の色が違います").case
    html = page(signed_in(agent), "order", order.pk).content.decode()
    assert f"/s/komorebi/c/{case.number}" in html


def test_a_name_that_looks_like_code_is_shown_as_text(signed_in, agent, take_in):
    take_in(incoming("KM-1", buyer=Buyer("<script>alert(1)</script>", "", "x@mail.example", "")))
    html = page(signed_in(agent), "orders").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_order_of_another_shop_is_not_found(signed_in, stranger, order):
    client = signed_in(stranger)
    assert client.get(reverse("staff:order", args=["shiosai", order.pk])).status_code == 404
    assert "KM-20417" not in client.get(reverse("staff:orders", args=["shiosai"])).content.decode()


def test_a_broken_page_mark_is_not_found(signed_in, agent, order):
    assert page(signed_in(agent), "orders", page="nonsense").status_code == 404
    assert page(signed_in(agent), "customers", page="nonsense").status_code == 404


def test_the_second_page_of_orders_goes_on_where_the_first_ended(signed_in, agent, take_in):
    take_in(*(incoming(f"KM-{20000 + n}", ordered_at=ORDERED + timedelta(minutes=n)) for n in range(51)))
    client = signed_in(agent)
    first = page(client, "orders")
    second = page(client, "orders", page=first.context["page"].next)
    assert "KM-20000" not in first.content.decode()
    assert [row["order"].number for row in second.context["rows"]] == ["KM-20000"]


@pytest.mark.parametrize("wanted", ["柏木", "カシワギ", "Y-Kashiwagi@mail.example", "0800 000 1007"])
def test_a_customer_is_found_by_name_mail_or_phone(signed_in, agent, order, wanted):
    assert "柏木 由紀子" in page(signed_in(agent), "customers", q=wanted).content.decode()


def test_a_search_without_a_match_says_so(signed_in, agent, order):
    html = page(signed_in(agent), "customers", q="佐々木").content.decode()
    assert "見つかりませんでした" in html
    assert "柏木 由紀子" not in html


def test_the_customer_page_shows_addresses_orders_and_cases(signed_in, agent, order, shop, now):
    case = arrive(shop, "a@mail.example", at=now).case
    html = page(signed_in(agent), "customer", order.customer_id).content.decode()
    for words in (KASHIWAGI.mail, "0800-000-1007", "吉祥寺本町", "KM-20417", f"#{case.number}", "対応待ち"):
        assert words in html


@pytest.mark.parametrize(("name", "most"), [("orders", 5), ("order", 10), ("customers", 4), ("customer", 10)])
def test_a_page_costs_the_same_for_many_rows_as_for_one(
    signed_in, agent, take_in, django_assert_max_num_queries, name, most
):
    take_in(*(incoming(f"KM-{20000 + n}") for n in range(1)))
    client = signed_in(agent)
    address = {"order": [Order.objects.get().pk], "customer": [Customer.objects.get().pk]}.get(name, [])
    page(client, name, *address)
    with django_assert_max_num_queries(most) as one:
        page(client, name, *address)
    take_in(*(incoming(f"KM-{20000 + n}", ordered_at=ORDERED + timedelta(minutes=n)) for n in range(1, 20)))
    with django_assert_max_num_queries(most) as many:
        page(client, name, *address)
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("carrier", "number", "words"),
    [
        (Carrier.YAMATO, "441572842440", "番号の確認数字が合いません"),
        (Carrier.SAGAWA, "EF719215461JP", "この運送会社の番号の形ではありません"),
    ],
)
def test_a_doubtful_tracking_number_is_flagged_and_still_leads_to_the_carrier(
    signed_in, agent, take_in, carrier, number, words
):
    take_in(incoming("KM-1", shipments=(IncomingShipment(carrier, number, shipped_at=ORDERED),)))
    html = page(signed_in(agent), "order", Order.objects.get().pk).content.decode()
    assert words in html
    assert f"={number}" in html


def test_a_tracking_number_that_fits_is_not_flagged(signed_in, agent, order):
    html = page(signed_in(agent), "order", order.pk).content.decode()
    assert "crjz.b.NQ0010?id=441572842443" in html
    assert "確認数字" not in html
    assert "番号の形ではありません" not in html


def test_a_number_of_an_unknown_carrier_names_those_it_may_be_of(signed_in, agent, take_in):
    take_in(incoming("KM-1", shipments=(IncomingShipment(Carrier.OTHER, "441572842443", shipped_at=ORDERED),)))
    html = page(signed_in(agent), "order", Order.objects.get().pk).content.decode()
    assert "次のどれかの番号です" in html
    assert html.count("=441572842443") == 3


@pytest.mark.parametrize(
    ("carrier", "number", "address", "warning"),
    [
        (
            Carrier.YAMATO,
            "4415-7284-2443",
            "jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id=441572842443",
            "",
        ),
        (Carrier.SAGAWA, "441572842443", "k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo=441572842443", ""),
        (Carrier.JAPAN_POST, "EF719215461JP", "trackings.post.japanpost.jp", ""),
        (Carrier.YAMATO, "441572842444", "NQ0010?id=441572842444", "番号の確認数字が合いません"),
        (Carrier.SAGAWA, "EF719215461JP", "okurijoNo=EF719215461JP", "この運送会社の番号の形ではありません"),
    ],
)
def test_a_number_leads_to_its_carrier_and_a_wrong_one_is_marked(
    signed_in, agent, take_in, shop, carrier, number, address, warning
):
    take_in(incoming("KM-20417", shipments=(IncomingShipment(carrier, number, shipped_at=ORDERED),)))
    case = arrive(shop, "a@x", at=ORDERED, text="注文 KM-20417 はいつ届きますか。").case
    desk = signed_in(agent)
    for html in (
        page(desk, "order", Order.objects.get().pk).content.decode(),
        desk.get(f"/s/komorebi/c/{case.number}").content.decode(),
    ):
        assert address in unescape(html)
        assert str(carrier.label) in html
        assert ("確認数字が合いません" in html, "番号の形ではありません" in html) == (
            "確認数字" in warning,
            "形では" in warning,
        )


def test_an_address_that_does_not_fit_its_postcode_is_said(client, agent, take_in):
    client.force_login(agent.person)
    take_in(incoming("KM-1", recipient=Recipient("柏木", "180-0004", "東京都武蔵野市境1-2")), incoming("KM-2"))
    wrong, right = (page(client, "order", each.pk).content.decode() for each in Order.objects.order_by("number"))
    assert "この郵便番号は「東京都武蔵野市吉祥寺本町」のものです。「境」は 180-0022 です。" in wrong
    assert "この郵便番号" not in right
