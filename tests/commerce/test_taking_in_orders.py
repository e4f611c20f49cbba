"""Orders are taken in once, updated when they change, and left alone when they say the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from anshin.commerce import queries
from anshin.commerce.actions import OrderRefused, take_in_lines, take_in_order, take_in_orders
from anshin.commerce.models import Customer, Order, Payment, PostalAddress, Product, Shipment
from anshin.commerce.queries import LineFact, PaymentFact, ShipmentFact
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingLines,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    OrderState,
    Outcome,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db
Make = Callable[..., IncomingOrder]
TRANSFER = IncomingPayment(PaymentMethod.BANK_TRANSFER, due_on=date(2026, 11, 17))
YAMATO = IncomingShipment(Carrier.YAMATO, "1234-5678-9012")


def test_a_new_order_is_kept_whole(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    Product.objects.create(shop=shop, sku="CHAIR-1", name="椅子")
    taken = take_in_order(
        shop=shop, order=incoming(payments=(TRANSFER,), shipments=(YAMATO,), is_gift=True), now=now, by=by
    )
    assert taken.outcome == Outcome.NEW
    order = queries.order_with_details(shop, taken.order.pk)
    assert order is not None
    assert (order.number, order.number_key, order.total_yen, order.is_gift) == (
        "KM-20417",
        "km20417",
        25_400,
        True,
    )
    assert [(line.position, line.sku, line.quantity, line.unit_price_yen) for line in order.lines.all()] == [
        (1, "CHAIR-1", 2, 12_000),
        (2, "", 1, 800),
    ]
    assert order.lines.all()[0].product == Product.objects.get()
    assert [(paid.method, paid.amount_yen, paid.due_on) for paid in order.payments.all()] == [
        ("bank_transfer", 25_400, date(2026, 11, 17))
    ]
    assert [(sent.carrier, sent.tracking_number) for sent in order.shipments.all()] == [("yamato", "1234-5678-9012")]
    assert (order.customer.order_count, order.customer.order_total_yen) == (1, 25_400)
    assert PostalAddress.objects.get().lines == "東京都千代田区千代田1-1"
    entry = JournalEntry.objects.get(event__startswith="order.")
    assert (entry.event, entry.order_id, entry.payload["number"]) == ("order.taken_in", order.pk, "KM-20417")


def test_the_same_order_again_changes_nothing(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    first = take_in_order(shop=shop, order=incoming(), now=now, by=by)
    again = take_in_order(shop=shop, order=incoming("ｋｍ２０４１７"), now=now, by=by)
    third = take_in_order(shop=shop, order=incoming(), now=now, by=by)
    assert again.order.pk == third.order.pk == first.order.pk
    assert again.outcome == third.outcome == Outcome.SAME
    assert JournalEntry.objects.filter(event__startswith="order.").count() == 1
    assert Order.objects.get().number == "KM-20417"


def test_a_changed_order_is_updated_and_journalled(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    first = take_in_order(shop=shop, order=incoming(payments=(TRANSFER,)), now=now, by=by)
    paid = replace(TRANSFER, paid_at=datetime(2026, 11, 15, tzinfo=UTC))
    news = incoming(lines=(IncomingLine("木の椅子", 1, 12_000, "CHAIR-1"),), payments=(paid,), shipments=(YAMATO,))
    taken = take_in_order(shop=shop, order=news, now=now, by=by)
    assert (taken.order.pk, taken.outcome) == (first.order.pk, Outcome.CHANGED)
    order = queries.order_with_details(shop, first.order.pk)
    assert order is not None
    assert [(line.quantity, line.variant) for line in order.lines.all()] == [(1, "")]
    assert order.total_yen == 12_600
    assert order.customer.order_total_yen == 12_600
    assert Payment.objects.get().paid_at == datetime(2026, 11, 15, tzinfo=UTC)
    assert Shipment.objects.get().carrier == "yamato"
    last = JournalEntry.objects.get(event="order.changed")
    assert last.payload["what"] == "total_yen, lines, payments, shipments"


def test_what_the_news_do_not_tell_stays(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_order(shop=shop, order=incoming(payments=(TRANSFER,), shipments=(YAMATO,), remark="夜に"), now=now, by=by)
    bare = incoming(lines=(), recipient=Recipient(), buyer=Buyer(), total_yen=25_400)
    take_in_order(shop=shop, order=bare, now=now, by=by)
    order = queries.order_by_number(shop, "KM20417")
    assert order is not None
    assert (order.remark, order.recipient_lines, order.lines.count()) == (
        "夜に",
        "東京都千代田区千代田1-1",
        2,
    )
    assert (order.payments.count(), order.shipments.count(), order.customer.name) == (1, 1, "髙橋 美咲")


def test_a_cancelled_order_counts_no_more(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_order(shop=shop, order=incoming(), now=now, by=by)
    take_in_order(shop=shop, order=incoming(is_cancelled=True), now=now, by=by)
    assert Order.objects.get().cancelled_at == now
    assert list(Customer.objects.values_list("order_count", "order_total_yen")) == [(0, 0)]


def test_refused_without_an_order_number(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    with pytest.raises(OrderRefused, match=r"order number|注文番号"):
        take_in_orders(shop=shop, orders=[incoming(), incoming(" - ")], now=now, by=by)
    assert not Order.objects.exists()
    assert not Customer.objects.exists()
    assert not JournalEntry.objects.filter(event__startswith="order.").exists()


def test_two_channels_may_give_the_same_number(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_order(shop=shop, order=incoming("1001", channel=SalesChannel.EC_CUBE), now=now, by=by)
    newer = datetime(2026, 11, 12, tzinfo=UTC)
    taken = take_in_order(
        shop=shop, order=incoming("#1001", channel=SalesChannel.SHOPIFY, ordered_at=newer), now=now, by=by
    )
    assert taken.outcome == Outcome.NEW
    assert queries.order_by_number(shop, "1001") == taken.order
    assert queries.orders_by_numbers(shop, ["1001"]).count() == 2


def test_orders_without_mail_join_by_phone_and_name(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_order(shop=shop, order=incoming("A-1"), now=now, by=by)
    same = Buyer(name="高橋美咲", phone="09012345678")
    household = Buyer(name="高橋 健", phone="09012345678")
    take_in_orders(shop=shop, orders=[incoming("A-2", buyer=same), incoming("A-3", buyer=household)], now=now, by=by)
    customers = {order.number: order.customer_id for order in Order.objects.all()}
    assert customers["A-1"] == customers["A-2"] != customers["A-3"]


def test_many_orders_are_as_one_after_the_other(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    orders = [incoming("A-1"), incoming("A-2"), incoming("A-1", is_cancelled=True), incoming("A-2")]
    taken = take_in_orders(shop=shop, orders=orders, now=now, by=by)
    assert [each.outcome for each in taken] == [Outcome.NEW, Outcome.NEW, Outcome.CHANGED, Outcome.SAME]
    assert Customer.objects.get().order_count == 1


def test_an_order_taken_in_meanwhile_is_known(
    shop: Shop, now: datetime, by: Actor, incoming: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anshin.commerce.actions import orders

    real, calls = orders._take_in_batch, []

    def overtaken(*args: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            real(*args)  # type: ignore[arg-type]  the other transaction
            raise IntegrityError
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(orders, "_take_in_batch", overtaken)
    taken = take_in_order(shop=shop, order=incoming(), now=now, by=by)
    assert (taken.outcome, Order.objects.count(), len(calls)) == (Outcome.NEW, 1, 2)


def test_lines_told_apart_join_their_order(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_order(shop=shop, order=incoming("Y-1", channel=SalesChannel.YAHOO, lines=(), total_yen=900), now=now, by=by)
    told = IncomingLines(SalesChannel.YAHOO, "y-1", (IncomingLine("茶碗", 1, 900),))
    assert take_in_lines(shop=shop, told=told, now=now, by=by).outcome == Outcome.CHANGED
    assert take_in_lines(shop=shop, told=told, now=now, by=by).outcome == Outcome.SAME
    assert Order.objects.get().lines.get().name == "茶碗"


def test_lines_of_an_unknown_order_are_refused(shop: Shop, now: datetime, by: Actor) -> None:
    told = IncomingLines(SalesChannel.YAHOO, "Y-9", (IncomingLine("茶碗", 1, 900),))
    with pytest.raises(OrderRefused, match="Y-9"):
        take_in_lines(shop=shop, told=told, now=now, by=by)
    assert not JournalEntry.objects.filter(event__startswith="order.").exists()


def test_another_shop_sees_nothing(shop: Shop, other_shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    taken = take_in_order(shop=shop, order=incoming(), now=now, by=by)
    assert queries.order_with_details(other_shop, taken.order.pk) is None
    assert queries.order_by_number(other_shop, "KM-20417") is None
    assert queries.recent_orders(other_shop).items == []


def test_cards_and_orders_cost_few_queries(
    shop: Shop,
    now: datetime,
    by: Actor,
    incoming: Make,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    take_in_orders(shop=shop, orders=[incoming(f"A-{n}") for n in range(30)], now=now, by=by)
    customer = Customer.objects.get()
    with django_assert_num_queries(5):
        card = queries.customer_card(shop, customer.pk)
    assert card is not None
    assert (len(card.orders), len(card.orders[0].parts.lines), card.mails) == (20, 2, ("misaki@example.jp",))
    with django_assert_num_queries(4):
        order = queries.order_with_details(shop, card.orders[0].order.pk)
        assert order is not None
        assert (len(order.lines.all()), len(order.payments.all()), order.customer.name) == (2, 0, "髙橋 美咲")


def test_a_card_shows_parts_and_state(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    paid_at = datetime(2026, 11, 15, 1, tzinfo=UTC)
    sent = replace(YAMATO, shipped_at=datetime(2026, 11, 16, 2, tzinfo=UTC))
    order = incoming(payments=(replace(TRANSFER, paid_at=paid_at),), shipments=(sent,))
    taken = take_in_orders(shop=shop, orders=[order, incoming("A-2", payments=(TRANSFER,))], now=now, by=by)
    first, second = queries.order_cards(shop, [each.order for each in taken])
    assert (first.state, second.state) == (OrderState.SHIPPED, OrderState.UNPAID)
    assert first.parts.lines == [LineFact("木の椅子", "ナラ", 2, 12_000), LineFact("布", "", 1, 800)]
    assert first.parts.payments == [PaymentFact("bank_transfer", 25_400, date(2026, 11, 17), paid_at)]
    assert first.parts.shipments == [ShipmentFact("yamato", "1234-5678-9012", sent.shipped_at, None)]
    assert first.parts.shipments[0].tracking_address.endswith("=123456789012")
    assert (second.parts.payments[0].paid_at, second.parts.shipments) == (None, [])


def test_recent_orders_are_paged_without_gaps(shop: Shop, now: datetime, by: Actor, incoming: Make) -> None:
    take_in_orders(shop=shop, orders=[incoming(f"A-{n}") for n in range(7)], now=now, by=by)
    seen, cursor = [], ""
    while True:
        page = queries.recent_orders(shop, cursor=cursor, size=3)
        seen += [order.number for order in page.items]
        cursor = page.next
        if not cursor:
            break
    assert seen == [f"A-{n}" for n in reversed(range(7))]


def test_two_hundred_orders_cost_as_many_queries_as_one(
    shop: Shop,
    now: datetime,
    by: Actor,
    incoming: Make,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    orders = [
        incoming(f"A-{n}", buyer=Buyer(f"客{n}", "", f"k{n}@example.jp", f"090-1234-{5000 + n}")) for n in range(200)
    ]
    with django_assert_max_num_queries(60):  # SQLite splits wide inserts
        take_in_orders(shop=shop, orders=orders, now=now, by=by)
    assert Customer.objects.filter(order_count=1).count() == 200
