"""Which product a customer names, however it is typed."""

import pytest

from anshin.commerce.models import Product
from anshin.commerce.queries import is_named, products_named

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(shop):
    Product.objects.create(
        shop=shop, sku="SH-16", name="子ども靴「はじめの一歩」", variant="16cm", gtin="4901234567894"
    )
    Product.objects.create(shop=shop, sku="SH-17", name="子ども靴「はじめの一歩」", variant="17cm")
    Product.objects.create(shop=shop, sku="DH-06W", name="加湿器 しずく", model_number="KZ-20A")


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("ＫＺ－２０Ａ", ["DH-06W"]),
        ("kz20aです", ["DH-06W"]),
        ("ＫＺ ２０Ａ", ["DH-06W"]),
        ("KZ-20AB", []),
        ("sh-17 はじめの一歩", ["SH-17"]),
        ("4901234567894", ["SH-16"]),
        ("ハジメノ一歩", ["SH-16", "SH-17"]),
        ("", []),
        ("帽子", []),
    ],
)
def test_a_number_goes_before_a_name(sold, shop, other_shop, text, skus):
    assert [each.sku for each in products_named(shop, text)] == skus
    assert products_named(other_shop, text) == []


def test_half_a_name_is_enough():
    assert is_named("加湿器 しずく", "しずくが動きません") is False
    assert is_named("加湿器 しずく", "加湿器しが動きません") is True
    assert is_named("", "動きません") is False
    assert is_named("はなはな草はなはな木", "草はなはな木を一つ") is True  # its halves begin alike
    assert is_named("皿", "皿が割れた") is False
    assert is_named("丸皿", "丸皿が割れた") is True
