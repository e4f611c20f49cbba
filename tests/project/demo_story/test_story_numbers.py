"""Numbers of the demo shop's story have their form and add up; the story stays invented, and apart."""

import re
from pathlib import Path

import pytest

from anshin.project.demo_shop.shape import ShopStory, Story
from tests.project.demo_story.parts import FOLDER, NUMBER_FORMS, SLUGS, entries


def test_order_numbers_have_their_channels_form(komorebi: ShopStory) -> None:
    for one in komorebi.orders:
        assert re.fullmatch(NUMBER_FORMS[one.channel], one.number), one.number
        if one.channel == "rakuten":
            assert one.number.split("-")[1] == f"{one.ordered_at:%Y%m%d}"


@pytest.mark.parametrize("slug", SLUGS)
def test_tracking_numbers_have_a_valid_check_digit(story: Story, slug: str) -> None:
    """Source: domain notes, returns_safety_catalogue.md section 4: twelve digits modulo 7; S10 weights."""
    parcels = [parcel for one in story.of_shop(slug).orders for parcel in one.shipments]
    assert parcels
    for parcel in parcels:
        if re.fullmatch(r"[A-Z]{2}\d{9}JP", parcel.tracking):
            digits = [int(digit) for digit in parcel.tracking[2:11]]
            weighed = sum(a * b for a, b in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=False))
            assert digits[8] == {10: 0, 11: 5}.get(11 - weighed % 11, 11 - weighed % 11)
        else:
            assert re.fullmatch(r"\d{12}", parcel.tracking)
            assert int(parcel.tracking[:11]) % 7 == int(parcel.tracking[11])


@pytest.mark.parametrize("slug", SLUGS)
def test_tracking_numbers_written_in_texts_are_valid(story: Story, slug: str) -> None:
    for one in story.of_shop(slug).cases:
        for entry in entries(one):
            for written in re.findall(r"\b\d{4}-\d{4}-\d{4}\b", entry.text):
                digits = written.replace("-", "")
                assert int(digits[:11]) % 7 == int(digits[11]), one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_shipping_is_free_from_the_shops_limit(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    for one in shop.orders:
        if one.goods_yen >= shop.shop.free_shipping_from_yen:
            assert one.shipping_fee_yen == 0, one.number


@pytest.mark.parametrize("slug", SLUGS)
def test_unit_prices_are_the_products_prices(story: Story, slug: str) -> None:
    shop = story.of_shop(slug)
    prices = {one.sku: one.price_yen for one in shop.products}
    for one in shop.orders:
        assert all(line.unit_price_yen == prices[line.sku] for line in one.lines), one.number


# ── it stays invented, and apart ────────────────────────────────────────


def toml_texts(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(FOLDER)): file.read_text() for file in folder.rglob("*.toml")}


def test_every_domain_is_an_example_domain() -> None:
    domain = re.compile(r"(?:@|https?://)([A-Za-z0-9.-]+)")
    for name, text in toml_texts(FOLDER).items():
        wrong = [found for found in domain.findall(text) if not found.rstrip(".").endswith(".example")]
        assert wrong == [], name


def test_phone_numbers_at_home_are_nobodys(story: Story) -> None:
    for shop in story.shops:
        for one in shop.customers:
            if one.country == "JP" and one.phone:
                assert re.fullmatch(r"0\d{1,3}-0{2,4}-\d{4}", one.phone), one.key


def test_addresses_at_home_lie_in_a_block_that_does_not_exist(story: Story) -> None:
    for shop in story.shops:
        for one in shop.customers:
            if one.country == "JP" and one.address:
                assert "99-" in one.address, one.key


@pytest.mark.parametrize(("slug", "other"), [("komorebi", "shiosai"), ("shiosai", "komorebi")])
def test_a_shops_own_words_never_appear_in_the_other(story: Story, slug: str, other: str) -> None:
    words = story.of_shop(slug).shop.only_words
    own = "\n".join(toml_texts(FOLDER / slug).values())
    assert any(word in own for word in words)
    for name, text in toml_texts(FOLDER / other).items():
        assert [word for word in words if word.lower() in text.lower()] == [], name


def test_files_stay_short() -> None:
    too_long = {name for name, text in toml_texts(FOLDER).items() if text.count("\n") > 600}
    assert too_long == set()
