"""The demo's story is taken in whole."""

from datetime import datetime

import pytest

from anshin.commerce import demo, queries
from anshin.commerce.models import Customer, Order, Product
from anshin.project.demo_shop.story import read_story
from anshin.shops.models import Shop

pytestmark = pytest.mark.django_db


def test_the_story_is_taken_in_whole(shop: Shop, now: datetime) -> None:
    told = read_story().of_shop("komorebi")
    demo.fill(shop, customers=told.customers, products=told.products, orders=told.orders, now=now)
    assert Product.objects.filter(shop=shop).count() == len(told.products)
    assert Order.objects.filter(shop=shop).count() == len(told.orders)
    assert Customer.objects.filter(shop=shop).count() == len(told.customers)
    order = queries.order_by_number(shop, told.orders[0].number)
    assert order is not None
    assert (order.total_yen, order.lines.count()) == (told.orders[0].total_yen, len(told.orders[0].lines))
    assert order.lines.get(position=1).product is not None
